import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { type PastIssue, verdict } from '../../src/domain/verdict.ts';

const NOW = Date.parse('2026-08-19T05:00:00Z');

/** The newest first, a day apart; `accepted` has not come back. */
function history(...ends: (PastIssue['class'] | 'accepted' | 'delivered')[]): PastIssue[] {
  return ends.map((end, index) => {
    const at = NOW - index * DAY;
    if (end === 'accepted') return { at };
    return end === 'delivered' ? { at, delivered: true } : { at, ...(end && { class: end }) };
  });
}

describe('the verdict on an address', () => {
  test('is hard as soon as a server says so', () => {
    expect(verdict(history('hard'), NOW)).toBe('hard');
    expect(verdict(history('hard', 'delivered'), NOW)).toBe('hard');
  });

  test('is refused after three issues running that came back without a reason', () => {
    expect(verdict(history('refused', 'refused'), NOW)).toBeUndefined();
    expect(verdict(history('refused', 'refused', 'refused'), NOW)).toBe('refused');
    expect(verdict(history('refused', 'soft', 'refused', 'refused'), NOW)).toBeUndefined();
  });

  test('does not take the word of a smarthost before a mail had 72 hours to come back', () => {
    expect(verdict(history('refused', 'accepted', 'refused', 'accepted', 'refused'), NOW)).toBeUndefined();
    expect(verdict(history('refused', 'accepted', 'refused', 'refused'), NOW)).toBe('refused');
    expect(verdict(history('refused', 'delivered', 'refused', 'refused'), NOW)).toBeUndefined();
  });

  test('is soft after five issues over at least two weeks', () => {
    const weekly = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ class: 'soft' as const, at: NOW - index * 4 * DAY }));
    expect(verdict(weekly(4), NOW)).toBeUndefined();
    expect(verdict(weekly(5), NOW)).toBe('soft');
    expect(verdict(history('soft', 'soft', 'soft', 'soft', 'soft', 'soft'), NOW)).toBeUndefined();
  });

  test('is never given by refusals that are about us, however many', () => {
    const past = fc.record({ class: fc.constant('policy' as const), at: fc.integer({ min: 0, max: NOW }) });
    fc.assert(fc.property(fc.array(past), (pasts) => verdict(pasts, NOW) === undefined));
  });

  test('never falls on somebody whose last mail stood', () => {
    const type = fc.constantFrom('refused' as const, 'soft' as const, 'hard' as const, 'policy' as const);
    const past = fc.record({ class: type, at: fc.constant(NOW - 5 * DAY) });
    fc.assert(
      fc.property(fc.array(past), (pasts) => verdict([{ at: NOW - 73 * HOUR }, ...pasts], NOW) === undefined),
    );
  });
});
