import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  dayAt,
  daysBetween,
  isTimeZone,
  parseDay,
  startOfDayUtc,
  weekday,
  zoneMeant,
} from '../../src/domain/day.ts';
import { isDeliverAt } from '../../src/domain/subscriber.ts';
import { DAY, formatInstant, HOUR, parseDuration, parseInstant } from '../../src/domain/time.ts';
import {
  dayBit,
  EVERY_DAY,
  formatDays,
  isWeekly,
  parseDays,
  WEEKDAYS,
  WEEKLY,
} from '../../src/domain/weekdays.ts';

describe('a day', () => {
  test('is one of the calendar', () => {
    expect(parseDay('2028-02-29')).toBe('2028-02-29');
    for (const text of [
      '2026-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-8-1',
      '20260801',
      '2026-08-19T00:00',
      ' 2026-08-19',
      '',
      '+002026-08-19',
    ])
      expect(parseDay(text), text).toBeUndefined();
  });

  test('is counted over months and years', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
    expect(daysBetween('2026-08-30', '2026-09-01')).toEqual(['2026-08-30', '2026-08-31', '2026-09-01']);
    expect(daysBetween('2026-08-19', '2026-08-19')).toEqual(['2026-08-19']);
    expect(daysBetween('2026-08-19', '2026-08-18')).toEqual([]);
  });

  test('has a weekday and its bit', () => {
    expect(weekday('2026-08-17')).toBe(1);
    expect(weekday('2026-08-23')).toBe(7);
    expect([dayBit('2026-08-17'), dayBit('2026-08-23')]).toEqual([1, 64]);
  });

  test('is what a clock in the zone shows', () => {
    const late = Date.parse('2026-08-19T22:30:00Z');
    expect([dayAt(late, 'UTC'), dayAt(late, 'Europe/Berlin'), dayAt(late, 'Pacific/Niue')]).toEqual([
      '2026-08-19',
      '2026-08-20',
      '2026-08-19',
    ]);
    expect(dayAt(startOfDayUtc('2026-08-19'), 'UTC')).toBe('2026-08-19');
    expect(dayAt(startOfDayUtc('2026-08-19') - 1, 'UTC')).toBe('2026-08-18');
  });

  test('has a zone by an IANA name only', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) expect(isTimeZone(zone)).toBe(true);
    for (const zone of ['', '+01:00', 'Berlin', 'Europe/', 'Europe/Berlin\n', 'null'])
      expect(isTimeZone(zone)).toBe(false);
  });
});

describe('the days a reader wants', () => {
  test('are read from the words of the CSV', () => {
    expect(parseDays('')).toBe(EVERY_DAY);
    expect(parseDays(' Weekdays ')).toBe(WEEKDAYS);
    expect(parseDays('weekly')).toBe(WEEKLY);
    expect(parseDays('mon, WED;sun mon')).toBe(1 | 4 | 64);
    for (const text of ['monday', 'weekdays sat', 'weekly mon', '1', 'toString'])
      expect(parseDays(text), text).toBeUndefined();
  });

  test('are written so that they are read again as the same', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 1, max: 127 }), fc.constant(WEEKLY)), (days) => {
        expect(parseDays(formatDays(days))).toBe(days);
      }),
    );
  });

  test('are weekly or single days', () => {
    expect(isWeekly(WEEKLY)).toBe(true);
    expect(isWeekly(EVERY_DAY)).toBe(false);
  });

  test('go with an hour in steps of thirty minutes', () => {
    for (const text of ['00:00', '09:30', '19:00', '23:30']) expect(isDeliverAt(text)).toBe(true);
    for (const text of ['24:00', '9:30', '09:15', '09:30\n', '', '29:00'])
      expect(isDeliverAt(text)).toBe(false);
  });
});

describe('a moment', () => {
  test('is read with its zone and written in UTC', () => {
    expect(parseInstant('2026-08-19T07:00:00+02:00')).toBe(Date.parse('2026-08-19T05:00:00Z'));
    expect(formatInstant(Date.parse('2026-08-19T05:00:00.999Z'))).toBe('2026-08-19T05:00:00Z');
    for (const text of ['2026-08-19', '2026-08-19T07:00:00', 'now', ''])
      expect(parseInstant(text)).toBeUndefined();
  });

  test('is moved by durations that a date can reach', () => {
    expect([parseDuration('250ms'), parseDuration(' 12h '), parseDuration('7d')]).toEqual([
      250,
      12 * HOUR,
      7 * DAY,
    ]);
    for (const text of ['', '5', '-5m', '1.5h', '5 m', '5min', '99999999d'])
      expect(parseDuration(text)).toBeUndefined();
    expect(Number.isNaN(new Date(parseDuration('9999999d') ?? Number.NaN).getTime())).toBe(false);
  });
});

describe('a time zone', () => {
  /** What machines and old programs call zones. */
  const NAMES = [
    ...Intl.supportedValuesOf('timeZone'),
    ...['PST', 'CST', 'BST', 'IST', 'JST', 'AST', 'NST', 'SST', 'EAT', 'CAT', 'ACT', 'AET', 'EST', 'MST'],
    ...['SystemV/AST4', 'SystemV/PST8PDT', 'US/Pacific-New', 'Canada/East-Saskatchewan', 'US/Eastern', 'GB'],
    ...[
      'UTC',
      'utc',
      'Z',
      'GMT+0',
      'Etc/GMT+14',
      '+01:00',
      '-0800',
      'EST5EDT',
      'europe/berlin',
      'posixrules',
    ],
    ...['2026-08-19T05:00[Europe/Berlin]', '', ' ', 'Europe/Berlin ', 'Europe/Berlin\n', 'x'.repeat(100)],
  ];

  test('is known when plans can be made by it and dates be written by it, and not otherwise', () => {
    const works = (name: string) => {
      try {
        Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).toPlainDate();
        new Intl.DateTimeFormat('en', { timeZone: name }).format(0);
        return true;
      } catch {
        return false;
      }
    };
    for (const name of NAMES.filter(isTimeZone)) expect([name, works(name)]).toEqual([name, true]);
    const refused = NAMES.filter((name) => works(name) && !isTimeZone(name));
    // Offsets work, and know no summer.
    expect(refused).toEqual(['+01:00', '-0800']);
  });

  test('that is only half known is the one that is meant, where that can be told', () => {
    expect(zoneMeant('PST')).toBe('America/Los_Angeles');
    expect(zoneMeant('Mars/Olympus')).toBeUndefined();
    for (const name of NAMES) expect(isTimeZone(zoneMeant(name) ?? 'UTC')).toBe(true);
  });
});
