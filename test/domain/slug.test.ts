import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../src/domain/day.ts';
import { issueSlug, weekOf } from '../../src/domain/slug.ts';

test('a daily issue is called by its date, a weekly one by the week that it looks back on', () => {
  expect(issueSlug({ kind: 'daily', date: '2026-08-23' })).toBe('2026-08-23');
  // A Sunday, and the Monday after it: both look back on the week of 17 to 23 August.
  expect(issueSlug({ kind: 'weekly', date: '2026-08-23' })).toBe('2026-W34');
  expect(issueSlug({ kind: 'weekly', date: '2026-08-24' })).toBe('2026-W34');
  expect(issueSlug({ kind: 'weekly', date: '2027-01-02' })).toBe('2026-W53');
});

test('the days of a week lead back to the dates of its issue, in every year', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000 }), (offset) => {
      const date = addDays('2000-01-01', offset);
      const week = weekOf(issueSlug({ kind: 'weekly', date }));
      expect(week && week.first <= date && date <= week.last).toBe(true);
      expect(week && addDays(week.first, 6)).toBe(week?.last);
    }),
  );
});

test.each(['2026-W00', '2026-W54', '2025-W53', '2026-34', 'W34', '2026-08-23', ''])(
  '%s is no week',
  (slug) => {
    expect(weekOf(slug)).toBeUndefined();
  },
);
