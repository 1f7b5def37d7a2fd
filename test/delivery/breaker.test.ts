import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBreaker } from '../../src/delivery/breaker.ts';

const pause = (openings: number) => 1000 * openings;

describe('a breaker', () => {
  test('that has never seen its route work opens at the first refusal', () => {
    const breaker = createBreaker(pause);
    breaker.began(0);
    expect(breaker.failed(0)).toBe(true);
    expect([breaker.allows(999), breaker.allows(1000), breaker.retryAt(0)]).toEqual([false, true, 1000]);
  });

  test('of a route that has worked opens at the third refusal in a row', () => {
    const breaker = createBreaker(pause);
    breaker.worked();
    expect([breaker.failed(0), breaker.failed(0)]).toEqual([false, false]);
    breaker.worked();
    expect([breaker.failed(0), breaker.failed(0), breaker.failed(0)]).toEqual([false, false, true]);
  });

  test('lets one message try the route after its rest, and rests longer when that is refused', () => {
    const breaker = createBreaker(pause);
    breaker.failed(0);
    breaker.began(1000);
    expect(breaker.allows(1000)).toBe(false);
    expect(breaker.failed(1000)).toBe(false);
    expect([breaker.allows(2999), breaker.allows(3000)]).toEqual([false, true]);
    breaker.began(3000);
    expect(breaker.worked()).toBe(true);
    expect(breaker.allows(3000)).toBe(true);
  });

  test('may be tried again when the message that tried it came back without an answer', () => {
    const breaker = createBreaker(pause);
    breaker.failed(0);
    breaker.began(1000);
    breaker.unanswered();
    expect(breaker.allows(1000)).toBe(true);
  });

  test('never stays shut for longer than its pause, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100_000, max: 100_000 }), { minLength: 1 }), (jumps) => {
        const breaker = createBreaker(pause);
        let now = 1_000_000;
        let failures = 0;
        for (const jump of jumps) {
          if (breaker.allows(now)) {
            breaker.began(now);
            breaker.failed(now);
            failures += 1;
          }
          now += jump;
          expect(breaker.retryAt(now) - now).toBeLessThanOrEqual(pause(failures));
        }
      }),
    );
  });
});
