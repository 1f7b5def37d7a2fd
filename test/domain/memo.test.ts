import { expect, test } from 'vitest';
import { memoizeAsync } from '../../src/domain/memo.ts';

test('a thing is made once for all who ask, and again only when it failed', async () => {
  const known = new Map<string, Promise<string>>();
  let made = 0;
  const ask = () =>
    memoizeAsync(known, 'key', async () => {
      made += 1;
      if (made === 1) throw new Error('the database is away');
      return `made ${made}`;
    });
  expect((await Promise.allSettled([ask(), ask()])).map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
  ]);
  expect(made).toBe(1);
  expect(await Promise.all([ask(), ask(), ask()])).toEqual(['made 2', 'made 2', 'made 2']);
});
