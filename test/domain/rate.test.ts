import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LATENESS, nextSlots, parseRates, type RateLimit, type RateState } from '../../src/domain/rate.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';

const EMPTY: RateState = { nextAt: 0, spans: [] };

test('rates are read, and anything else is not', () => {
  expect(parseRates('20/s, 5000/h,50000/d')).toEqual([
    { count: 20, per: SECOND },
    { count: 5000, per: HOUR },
    { count: 50000, per: DAY },
  ]);
  expect(parseRates('')).toEqual([]);
  for (const wrong of ['20', '20/w', '0/s', '-1/s', '20 /s', 'fast'])
    expect(parseRates(wrong)).toBeUndefined();
});

/** Moments at which messages begin when several take slots as fast as they may, each used up to its life late. */
function begun(
  limits: readonly RateLimit[],
  steps: readonly { pause: number; wanted: number; late: number }[],
) {
  let state = EMPTY;
  let now = 1_000_000;
  const moments: number[] = [];
  for (const { pause, wanted, late } of steps) {
    now += pause;
    const taken = nextSlots(limits, state, now, wanted);
    state = taken.state;
    for (const slot of taken.slots) moments.push(slot + late);
    // Others ask at once, while those who have a slot wait for it.
    now = Math.max(now, taken.askAt ?? now);
  }
  return moments.sort((a, b) => a - b);
}

function most(moments: readonly number[], width: number): number {
  return moments.reduce((max, from, index) => {
    const end = moments.findIndex((at) => at >= from + width);
    return Math.max(max, (end < 0 ? moments.length : end) - index);
  }, 0);
}

describe('there are never more than N in any window', () => {
  const step = fc.record({
    pause: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 2 * HOUR })),
    wanted: fc.integer({ min: 1, max: 40 }),
    late: fc.integer({ min: 0, max: LATENESS }),
  });
  const limit = fc.record({
    count: fc.integer({ min: 1, max: 60 }),
    per: fc.constantFrom(SECOND, MINUTE, HOUR, DAY),
  });

  test('of any of the limits, whoever takes slots and however late they use them', () => {
    fc.assert(
      fc.property(
        fc.array(limit, { minLength: 1, maxLength: 3 }),
        fc.array(step, { maxLength: 60 }),
        (limits, steps) => {
          const moments = begun(limits, steps);
          for (const { count, per } of limits) expect(most(moments, per)).toBeLessThanOrEqual(count);
        },
      ),
    );
  });

  test('and a long limit is used up at the speed of the short one', () => {
    const limits = parseRates('20/s, 600/h') ?? [];
    const moments = begun(
      limits,
      Array.from({ length: 1200 }, () => ({ pause: 0, wanted: 1, late: 0 })),
    ).slice(0, 600);
    const took = (moments.at(-1) ?? 0) - (moments[0] ?? 0);
    expect(took).toBeLessThan(35 * SECOND);
    expect(most(moments, HOUR)).toBe(600);
  });

  test('also after the clock was set back: what was given out counts, and it goes on soon', () => {
    const limits = parseRates('10/s, 100/h') ?? [];
    const ahead = nextSlots(limits, EMPTY, 10 * HOUR, 10);
    const { slots } = nextSlots(limits, ahead.state, 9 * HOUR, 1);
    expect((slots[0] ?? 0) - 9 * HOUR).toBeLessThan(SECOND);
  });
});
