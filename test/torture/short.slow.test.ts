import { expect, test } from 'vitest';
import { kills } from './scenarios.ts';

test('killed in the middle of sending, nobody is skipped and no more are mailed twice than were on the wire', async () => {
  expect((await kills({ kills: 2, subscribers: 60 })).problems).toEqual([]);
}, 60_000);
