import { describe, expect, test } from 'vitest';
import { dueAt, dueTable } from '../../src/domain/due.ts';
import { EVERY_DAY, WEEKDAYS } from '../../src/domain/weekdays.ts';
import { at } from '../support/makers.ts';

const berlin = { timezone: 'Europe/Berlin', deliverAt: '07:00', days: EVERY_DAY };

function due(from: string, wants = berlin, after = ''): string {
  const { at: moment, day } = dueAt(at(from), wants, after);
  return `${new Date(moment).toISOString().slice(0, 16)}Z ${day}`;
}

describe('the due moment', () => {
  test("is the next time that the reader's clock shows their hour", () => {
    expect(due('2026-08-19T04:00:00Z')).toBe('2026-08-19T05:00Z 2026-08-19');
    expect(due('2026-08-19T05:00:00.001Z')).toBe('2026-08-20T05:00Z 2026-08-20');
  });

  test('may be the very moment of the freeze', () => {
    expect(due('2026-08-19T05:00:00Z')).toBe('2026-08-19T05:00Z 2026-08-19');
  });

  test('falls on the local day, whatever day it is in UTC', () => {
    const auckland = { timezone: 'Pacific/Auckland', deliverAt: '06:30', days: EVERY_DAY };
    expect(due('2026-08-19T05:00:00Z', auckland)).toBe('2026-08-19T18:30Z 2026-08-20');
    const honolulu = { timezone: 'Pacific/Honolulu', deliverAt: '20:00', days: EVERY_DAY };
    expect(due('2026-08-19T05:00:00Z', honolulu)).toBe('2026-08-19T06:00Z 2026-08-18');
  });

  test("waits for one of the reader's days", () => {
    // 2026-08-21 is a Friday.
    expect(due('2026-08-21T05:00:01Z', { ...berlin, days: WEEKDAYS })).toBe('2026-08-24T05:00Z 2026-08-24');
    const fridays = { ...berlin, days: 1 << 4 };
    expect(due('2026-08-21T05:00:00Z', fridays)).toBe('2026-08-21T05:00Z 2026-08-21');
    expect(due('2026-08-21T05:00:01Z', fridays)).toBe('2026-08-28T05:00Z 2026-08-28');
  });

  test('is the moment of the change where the clock skips the hour', () => {
    const early = { ...berlin, deliverAt: '02:30' };
    expect(due('2026-03-28T12:00:00Z', early)).toBe('2026-03-29T01:00Z 2026-03-29');
    expect(due('2026-03-29T01:00:01Z', early)).toBe('2026-03-30T00:30Z 2026-03-30');
  });

  test('is the first of the two where the clock repeats the hour', () => {
    const early = { ...berlin, deliverAt: '02:30' };
    expect(due('2026-10-24T12:00:00Z', early)).toBe('2026-10-25T00:30Z 2026-10-25');
    expect(due('2026-10-25T00:31:00Z', early)).toBe('2026-10-26T01:30Z 2026-10-26');
  });

  test('keeps to its day where midnight itself is skipped', () => {
    const cairo = { timezone: 'Africa/Cairo', deliverAt: '00:00', days: EVERY_DAY };
    expect(due('2026-04-23T12:00:00Z', cairo)).toBe('2026-04-23T22:00Z 2026-04-24');
  });

  test('counts for the day that the clock shows where the last hour of a day is skipped', () => {
    const nuuk = { timezone: 'America/Nuuk', deliverAt: '23:00', days: EVERY_DAY };
    expect(due('2026-03-28T12:00:00Z', nuuk)).toBe('2026-03-29T01:00Z 2026-03-29');
    expect(due('2026-03-29T01:00:00Z', nuuk)).toBe('2026-03-29T01:00Z 2026-03-29');
    expect(due('2026-03-29T05:00:00Z', nuuk)).toBe('2026-03-30T00:00Z 2026-03-29');
    expect(due('2026-03-29T05:00:00Z', nuuk, '2026-03-29')).toBe('2026-03-31T00:00Z 2026-03-30');
  });

  test('lies on a later local day than the last that had an issue', () => {
    expect(due('2026-08-19T04:00:00Z', berlin, '2026-08-18')).toBe('2026-08-19T05:00Z 2026-08-19');
    expect(due('2026-08-19T04:00:00Z', berlin, '2026-08-19')).toBe('2026-08-20T05:00Z 2026-08-20');
    expect(due('2026-08-19T04:00:00Z', berlin, '2026-12-23')).toBe('2026-12-24T06:00Z 2026-12-24');
    const fridays = { ...berlin, days: 1 << 4 };
    expect(due('2026-08-19T04:00:00Z', fridays, '2026-08-21')).toBe('2026-08-28T05:00Z 2026-08-28');
  });

  test('does not exist for a reader without any day', () => {
    expect(() => dueAt(at('2026-08-19T05:00:00Z'), { ...berlin, days: 0 })).toThrow('no due moment');
  });

  test('comes out of the table as it is, whatever was asked before', () => {
    const from = at('2026-08-19T05:00:00Z');
    const table = dueTable(from, { timezone: 'UTC', deliverAt: '07:00' });
    const subscribers = [
      berlin,
      { ...berlin, deliverAt: '06:30' },
      { ...berlin, days: WEEKDAYS },
      { ...berlin, timezone: 'UTC' },
    ];
    for (const wants of [...subscribers, ...subscribers]) {
      expect(table(wants)).toEqual({ ...dueAt(from, wants), problem: '' });
      expect(table(wants, '2026-08-20')).toEqual({ ...dueAt(from, wants, '2026-08-20'), problem: '' });
    }
  });
});
