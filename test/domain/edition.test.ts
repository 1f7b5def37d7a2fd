import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../src/domain/day.ts';
import { currentEdition, dailyEdition, nextFreeze } from '../../src/domain/edition.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { at } from '../support/makers.ts';
import { RUNS } from '../support/properties.ts';

const daily = { cron: '0 5 * * *', timezone: 'UTC' };
const weekdays = { cron: '0 5 * * mon-fri', timezone: 'UTC' };
const berlin = { cron: '30 2 * * *', timezone: 'Europe/Berlin' };
const edition = (date: string, freezeAt: string) => ({ kind: 'daily', date, freezeAt: at(freezeAt) });

describe('the edition of a moment', () => {
  test('is the newest whose freezing moment has come, to the millisecond', () => {
    expect(currentEdition(at('2026-08-19T05:00:00Z'), daily)).toEqual(
      edition('2026-08-19', '2026-08-19T05:00:00Z'),
    );
    expect(currentEdition(at('2026-08-19T05:00:00.001Z'), daily)).toEqual(
      edition('2026-08-19', '2026-08-19T05:00:00Z'),
    );
    expect(currentEdition(at('2026-08-19T04:59:59.999Z'), daily)).toEqual(
      edition('2026-08-18', '2026-08-18T05:00:00Z'),
    );
  });

  test('waits over the days that the cron line leaves out', () => {
    // 2026-08-22 is a Saturday.
    for (const now of ['2026-08-21T05:00:00Z', '2026-08-23T12:00:00Z', '2026-08-24T04:59:00Z'])
      expect(currentEdition(at(now), weekdays)).toEqual(edition('2026-08-21', '2026-08-21T05:00:00Z'));
    expect(nextFreeze(at('2026-08-21T05:00:00Z'), weekdays)).toBe(at('2026-08-24T05:00:00Z'));
  });

  test('has the date of its own zone', () => {
    const tokyo = { cron: '0 6 * * *', timezone: 'Asia/Tokyo' };
    expect(currentEdition(at('2026-08-18T21:00:00Z'), tokyo)).toEqual(
      edition('2026-08-19', '2026-08-18T21:00:00Z'),
    );
  });

  test('freezes at the change of the clock that skips its time', () => {
    expect(nextFreeze(at('2026-03-28T12:00:00Z'), berlin)).toBe(at('2026-03-29T01:00:00Z'));
    expect(currentEdition(at('2026-03-29T01:00:00Z'), berlin)).toEqual(
      edition('2026-03-29', '2026-03-29T01:00:00Z'),
    );
    expect(currentEdition(at('2026-03-29T00:59:59Z'), berlin).date).toBe('2026-03-28');
  });

  test('freezes at the first of two times that the clock repeats, and once', () => {
    for (const now of [
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:10:00Z',
      '2026-10-25T01:30:00Z',
      '2026-10-25T03:00:00Z',
    ])
      expect(currentEdition(at(now), berlin)).toEqual(edition('2026-10-25', '2026-10-25T00:30:00Z'));
    expect(nextFreeze(at('2026-10-25T00:30:00Z'), berlin)).toBe(at('2026-10-26T01:30:00Z'));
  });

  test('keeps its date where the change of the clock skips its time up to midnight', () => {
    const nuuk = { cron: '30 23 * * *', timezone: 'America/Nuuk' };
    expect(currentEdition(at('2026-03-29T01:00:00Z'), nuuk)).toEqual(
      edition('2026-03-28', '2026-03-29T01:00:00Z'),
    );
  });
});

describe('the edition of a date', () => {
  test('freezes at its moment of the cron line', () => {
    expect(dailyEdition('2026-08-19', daily)).toEqual(edition('2026-08-19', '2026-08-19T05:00:00Z'));
    expect(dailyEdition('2026-03-29', berlin)).toEqual(edition('2026-03-29', '2026-03-29T01:00:00Z'));
  });

  test('that the cron line leaves out freezes at the time of day of the one before', () => {
    expect(dailyEdition('2026-08-22', weekdays)).toEqual(edition('2026-08-22', '2026-08-22T05:00:00Z'));
    const sundays = { cron: '0 9 * * sun', timezone: 'America/New_York' };
    // New York's clocks change on 2026-11-01.
    expect(dailyEdition('2026-10-31', sundays)).toEqual(edition('2026-10-31', '2026-10-31T13:00:00Z'));
    expect(dailyEdition('2026-11-02', sundays)).toEqual(edition('2026-11-02', '2026-11-02T14:00:00Z'));
  });

  test('with several moments a day freezes at the last', () => {
    expect(dailyEdition('2026-08-19', { cron: '0 5,17 * * *', timezone: 'UTC' }).freezeAt).toBe(
      at('2026-08-19T17:00:00Z'),
    );
  });
});

test('in every zone, with a daily cron line, each date has one edition and all ways lead to it', () => {
  const clocks = fc.record({
    cron: fc
      .record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.constantFrom(0, 15, 30) })
      .map(({ hour, minute }) => `${minute} ${hour} * * *`),
    timezone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
  });
  const starts = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') });
  fc.assert(
    fc.property(clocks, starts, fc.boolean(), (clock, start, nearChange) => {
      const zoned = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(clock.timezone);
      const change = nearChange ? zoned.getTimeZoneTransition('next')?.subtract({ days: 2 }) : undefined;
      let last = currentEdition((change ?? zoned).epochMilliseconds, clock);
      for (let count = 0; count < 4; count += 1) {
        const freezeAt = nextFreeze(last.freezeAt, clock);
        const next = currentEdition(freezeAt, clock);
        expect(next).toEqual({ kind: 'daily', date: addDays(last.date, 1), freezeAt });
        expect(dailyEdition(next.date, clock)).toEqual(next);
        expect(currentEdition(freezeAt - 1, clock)).toEqual(last);
        expect(nextFreeze(freezeAt - MINUTE, clock)).toBe(freezeAt);
        last = next;
      }
    }),
    { numRuns: 4 * RUNS },
  );
});
