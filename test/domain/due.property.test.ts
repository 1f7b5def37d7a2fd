import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayAt } from '../../src/domain/day.ts';
import { type Due, dueAt } from '../../src/domain/due.ts';
import type { Preferences } from '../../src/domain/subscriber.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../src/domain/time.ts';
import { dayBit, EVERY_DAY } from '../../src/domain/weekdays.ts';
import { at } from '../support/makers.ts';
import { RUNS } from '../support/properties.ts';

const START = at('2026-01-01T00:00:00Z');
const END = at('2028-01-01T00:00:00Z');
/** Every zone's offsets, and the moments of its changes, are multiples of it. */
const GRID = 15 * MINUTE;

const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
const oddZones = fc.constantFrom(
  'America/Nuuk',
  'America/Scoresbysund',
  'America/Havana',
  'America/Santiago',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Europe/Dublin',
);
const wishes: fc.Arbitrary<Preferences> = fc.record({
  timezone: fc.oneof(zones, oddZones),
  deliverAt: fc
    .integer({ min: 0, max: 47 })
    .map((half) => `${String(half >> 1).padStart(2, '0')}:${half % 2 ? '30' : '00'}`),
  days: fc.oneof(fc.constant(EVERY_DAY), fc.integer({ min: 1, max: EVERY_DAY })),
});
const moments = fc.record({ any: fc.integer({ min: START, max: END }), near: fc.boolean() });

/** Half of the moments lie within two days of a change of the zone's clock. */
function momentIn(zone: string, { any, near }: { any: Instant; near: boolean }): Instant {
  const change = local(any, zone).getTimeZoneTransition('next')?.epochMilliseconds;
  if (!near || change === undefined || change > END) return any;
  return change + (any % (4 * DAY)) - 2 * DAY;
}

describe('the due moment, for any zone, hour, days and moment', () => {
  test('is at or after the moment, shows the hour on one of the days, and nothing earlier would do', () => {
    fc.assert(
      fc.property(wishes, moments, (wants, moment) => {
        const from = momentIn(wants.timezone, moment);
        const due = dueAt(from, wants);
        expect(due.at).toBeGreaterThanOrEqual(from);
        expect(due.day).toBe(dayAt(due.at, wants.timezone));
        const first = Math.ceil(from / GRID) * GRID;
        for (let t = first; t < due.at; t += GRID) expect(fits(t, wants)).toBe(false);
        expect(fits(due.at, wants)).toBe(true);
      }),
      { numRuns: 4 * RUNS },
    );
  });

  test('is strictly later than the day that had an issue, and the same as without one where that was earlier', () => {
    fc.assert(
      fc.property(wishes, moments, fc.integer({ min: -3, max: 12 }), (wants, moment, offset) => {
        const from = momentIn(wants.timezone, moment);
        const after = dayAt(from + offset * DAY, wants.timezone);
        const due = dueAt(from, wants, after);
        const free = dueAt(from, wants);
        expect(due.day > after).toBe(true);
        if (free.day > after) expect(due).toEqual(free);
      }),
      { numRuns: 4 * RUNS },
    );
  });
});

describe('daily issues, one after the other', () => {
  test('never reach a reader twice in one local day', () => {
    fc.assert(
      fc.property(wishes, fc.integer({ min: 0, max: 700 }), (wants, skip) => {
        const days = delivered(wants, START + skip * DAY).map((due) => dayAt(due.at, wants.timezone));
        expect(new Set(days).size).toBe(days.length);
      }),
      { numRuns: 4 * RUNS },
    );
  });

  test('reach every reader on each of their days, in zones that leave their clocks alone', () => {
    fc.assert(
      fc.property(wishes, (wants) => {
        fc.pre(local(START, wants.timezone).getTimeZoneTransition('next') === null);
        const days = delivered(wants, START).map(({ day }) => day);
        const wanted = Array.from({ length: 24 }, (_, index) =>
          dayAt(START + (index + 3) * DAY, wants.timezone),
        );
        for (const day of wanted) expect(days.includes(day)).toBe((wants.days & dayBit(day)) !== 0);
      }),
      { numRuns: 4 * RUNS },
    );
  });
});

/** What a subscriber gets of thirty issues: a newer one replaces an unsent older one of the same local day. */
function delivered(wants: Preferences, start: Instant): Due[] {
  const sent: Due[] = [];
  let unsent: Due[] = [];
  for (let day = 0; day < 30; day += 1) {
    const frozenAt = start + day * DAY + 5 * HOUR;
    sent.push(...unsent.filter((due) => due.at < frozenAt));
    const due = dueAt(frozenAt, wants, sent.at(-1)?.day ?? '');
    unsent = [...unsent.filter((older) => older.at >= frozenAt && older.day !== due.day), due];
  }
  return [...sent, ...unsent].sort((a, b) => a.at - b.at);
}

/** Whether a subscriber's clock shows their hour for the first time, or has just skipped it, on one of their days. */
function fits(moment: Instant, { timezone, deliverAt, days }: Preferences): boolean {
  const now = local(moment, timezone);
  const before = local(moment - 1, timezone).toPlainDateTime();
  return [now.toPlainDate(), before.toPlainDate()].some((date) => {
    if ((days & dayBit(date.toString())) === 0) return false;
    const wanted = date.toPlainDateTime(Temporal.PlainTime.from(deliverAt));
    if (now.toPlainDateTime().equals(wanted)) return !shownBefore(moment, wanted, timezone);
    return (
      Temporal.PlainDateTime.compare(before, wanted) < 0 &&
      Temporal.PlainDateTime.compare(wanted, now.toPlainDateTime()) < 0
    );
  });
}

function shownBefore(moment: Instant, wanted: Temporal.PlainDateTime, zone: string): boolean {
  return [30 * MINUTE, HOUR, 2 * HOUR].some((back) =>
    local(moment - back, zone)
      .toPlainDateTime()
      .equals(wanted),
  );
}

function local(moment: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone);
}
