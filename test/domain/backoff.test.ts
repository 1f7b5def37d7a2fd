import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryAt, routePause } from '../../src/domain/backoff.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';

test('a deferred mail waits three times as long after each attempt, and at most an hour', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 50, 5000].map((attempts) => retryAt(0, attempts, 0.5) / SECOND);
  expect(waits).toEqual([10, 30, 90, 270, 810, 2430, 3600, 3600, 3600, 3600]);
});

test('mails that were deferred together come back apart, by at most a tenth', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempts, random) => {
        const middle = retryAt(1_000_000, attempts, 0.5) - 1_000_000;
        const wait = retryAt(1_000_000, attempts, random) - 1_000_000;
        expect(Math.abs(wait - middle)).toBeLessThanOrEqual(middle / 10 + 1);
        expect(wait).toBeLessThanOrEqual(1.1 * HOUR);
        expect(Number.isInteger(wait)).toBe(true);
      },
    ),
  );
});

test('a route that refused us rests twice as long each time, and at most a minute', () => {
  expect([1, 2, 3, 7, 60, 5000].map((failures) => routePause(failures))).toEqual([
    5 * SECOND,
    10 * SECOND,
    20 * SECOND,
    MINUTE,
    MINUTE,
    MINUTE,
  ]);
});
