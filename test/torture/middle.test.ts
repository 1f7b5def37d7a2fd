import { expect, test } from 'vitest';
import * as torture from './scenarios.ts';

test.each([
  ['kill -9 at random moments', () => torture.kills({ kills: 10, subscribers: 1000 })],
  ['421, 451, 550 and cuts after DATA', () => torture.refusals({ subscribers: 1000 })],
  ['two once at the same moment', () => torture.beside({ subscribers: 500, other: 'once' })],
  ['start beside once', () => torture.beside({ subscribers: 500, other: 'start' })],
  ['SIGTERM', () => torture.terminated({ subscribers: 500 })],
  ['a full disk', () => torture.fullDisk({ subscribers: 500, seconds: 5 })],
  ['a database that is away', () => torture.lockedDatabase({ subscribers: 500, seconds: 10 })],
  ['a clock that jumps', () => torture.clockJumps({ subscribers: 500 })],
  ['three bad domains of eight', () => torture.badDomains({ subscribers: 400 })],
  ['SEND_RATE over two processes and a kill', () => torture.rated({ perSecond: 25, subscribers: 120 })],
])('%s: nobody is skipped, and no more are mailed twice than may be', async (_, scenario) => {
  expect((await scenario()).problems).toEqual([]);
});
