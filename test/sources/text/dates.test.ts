import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { feedDate, firstDate, unreadDate } from '../../../src/sources/text/dates.ts';

const now = Date.parse('2026-11-27T12:00:00Z');

/** As `2026-10-20T08:00:00Z`, the written day in front. */
function read(text: string): string | undefined {
  const date = feedDate(text, now);
  return date && `${date.day} ${new Date(date.at).toISOString().slice(0, 16)}`;
}

describe('a date is the moment that its text names', () => {
  test.each([
    ['2026-10-20', '2026-10-20 2026-10-20T00:00'],
    ['20261020T101500Z', '2026-10-20 2026-10-20T10:15'],
    ['2026/10/20', '2026-10-20 2026-10-20T00:00'],
    ['2026-10-20T10:00:00.123-08:00', '2026-10-20 2026-10-20T18:00'],
    ['2026-10-20T10:00:00 +01', '2026-10-20 2026-10-20T09:00'],
    ['2026-10-20-08:00', '2026-10-20 2026-10-20T08:00'],
    ['2026-10-20T24:00:00Z', '2026-10-20 2026-10-21T00:00'],
    ['2026-10-20T10:00:00 Europe/Berlin', '2026-10-20 2026-10-20T08:00'],
    ['Tue, 20 Oct 2026 23:30:00 -0500', '2026-10-20 2026-10-21T04:30'],
    ['Tue, 20 Oct 26 10:00 EST', '2026-10-20 2026-10-20T15:00'],
    ['Tue, 20 Oct 2026 10:00:00 +0200 (CEST)', '2026-10-20 2026-10-20T08:00'],
    ['Tue, 20 Oct 2026 10:00:00 UTC+2', '2026-10-20 2026-10-20T08:00'],
    ['Tue, 20 Oct 2026 10:00:00 MSK', '2026-10-20 2026-10-20T07:00'],
    ['Tue, 20 Oct 2026 10:00:00 IST', '2026-10-20 2026-10-20T04:30'],
    ['Tue, 20 Oct 2026 10:00:00 AEST', '2026-10-20 2026-10-20T00:00'],
    ['Tue Oct 20 10:00:00 EDT 2026', '2026-10-20 2026-10-20T14:00'],
    ['Tue Oct 20 10:00:00 +0000 2026', '2026-10-20 2026-10-20T10:00'],
    ['Tue Oct 20 2026 10:00:00 GMT+0100 (Some Time)', '2026-10-20 2026-10-20T09:00'],
    ['Tue, 20 Oct 2026 10:00 PM', '2026-10-20 2026-10-20T22:00'],
    ['Tuesday, October 20, 2026 - 12:05 a.m.', '2026-10-20 2026-10-20T00:05'],
    ['October 20th, 2026', '2026-10-20 2026-10-20T00:00'],
    ['5-Oct-2026', '2026-10-05 2026-10-05T00:00'],
    ['Mi, 20. Mai 2026 09:00:00 MESZ', '2026-05-20 2026-05-20T07:00'],
    ['19 août 2026 à 18h30', '2026-08-19 2026-08-19T18:30'],
    ['1er août 2026', '2026-08-01 2026-08-01T00:00'],
    ['mar, 20 oct. 2026 10:00:00 GMT', '2026-10-20 2026-10-20T10:00'],
    ['20 de octubre de 2026', '2026-10-20 2026-10-20T00:00'],
    ['Вт, 20 октября 2026 10:00:00 +0300', '2026-10-20 2026-10-20T07:00'],
    ['2026年10月20日 下午3:05', '2026-10-20 2026-10-20T15:05'],
    ['2026년 10월 20일', '2026-10-20 2026-10-20T00:00'],
    ['1556701200', '2019-05-01 2019-05-01T09:00'],
    ['1556701200000', '2019-05-01 2019-05-01T09:00'],
    ['1985-03-01', '1985-03-01 1985-03-01T00:00'],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test('wherever the machine stands', () => {
    const before = process.env.TZ;
    const texts = ['5-Oct-2026', '20 Oct 2026 10:00', '2026-10-20', 'Tue, 20 Oct 2026 10:00 AM', '2026'];
    const seen = (zone: string) => {
      process.env.TZ = zone;
      return texts.map(read);
    };
    try {
      expect(seen('Asia/Tokyo')).toEqual(seen('America/Los_Angeles'));
    } finally {
      process.env.TZ = before ?? '';
      if (before === undefined) delete process.env.TZ;
    }
  });

  test('in each of the usual forms, whatever the day', () => {
    const days = fc.date({ min: new Date('1995-01-01'), max: new Date('2026-11-26'), noInvalidDate: true });
    fc.assert(
      fc.property(days, (date) => {
        const day = date.toISOString().slice(0, 10);
        const whole = Math.floor(date.getTime() / 1000) * 1000;
        expect(feedDate(date.toISOString(), now)).toEqual({ day, at: date.getTime() });
        expect(feedDate(date.toUTCString(), now)).toEqual({ day, at: whole });
        expect(feedDate(String(date), now)?.at).toBe(whole);
      }),
    );
  });
});

test.each('en de fr es it pt ca nl pl sv da nb fi ru uk cs hu ro tr el id ja ko zh'.split(' '))(
  'the months are known by their long and short names: %s',
  (language) => {
    for (const month of Array.from({ length: 12 }, (_, index) => String(index + 1).padStart(2, '0')))
      for (const dateStyle of ['long', 'medium', 'full'] as const) {
        const day = new Date(`2025-${month}-13T00:00:00Z`);
        const text = day.toLocaleDateString(language, { dateStyle, timeZone: 'UTC' });
        expect([text, feedDate(text, now)?.day]).toEqual([text, `2025-${month}-13`]);
      }
  },
);

describe('a date that does not name a day with certainty', () => {
  test.each(['2026-11', '2026', 'November 2026', 'Nov 2026', 'Oct-Nov 2026', 'Winter 2026', '2026年11月'])(
    'says nothing while its month or year lasts: %s',
    (text) => {
      expect(feedDate(text, now)).toBeUndefined();
      expect(unreadDate([text], now)).toBeUndefined();
    },
  );

  test.each([
    ['2026-10', '2026-10-31'],
    ['Sep-Oct 2026', '2026-10-31'],
    ['2025', '2025-12-31'],
    ['Spring 2019', '2019-12-31'],
    ['12/2024', '2024-12-31'],
  ])('is old when its month or year is over: %s', (text, day) => {
    expect(feedDate(text, now)?.day).toBe(day);
  });

  test('gives way to one that does', () => {
    expect(firstDate(['2026-10', '2026-10-07'], now)?.day).toBe('2026-10-07');
    expect(firstDate([undefined, '2026-10', 'x'], now)?.day).toBe('2026-10-31');
  });

  test('with points has the day in front, and never the month', () => {
    expect(read('05.11.2026 09:00')).toBe('2026-11-05 2026-11-05T09:00');
  });

  test('with slashes is read where only one order can be, or where both are long ago', () => {
    expect(read('31/05/2019 09:00')).toBe('2019-05-31 2019-05-31T09:00');
    expect(read('Wed, 05/01/2019 - 09:00')).toBe('2019-05-01 2019-05-01T09:00');
    expect(read('11/12/2026')).toBe('2026-11-12 2026-11-12T00:00');
    expect(feedDate('01/05/2019', now)?.day).toBe('2019-05-01');
    expect(feedDate('11/10/2026', now)).toBeUndefined();
    expect(unreadDate(['11/10/2026'], now)).toBe('11/10/2026');
  });

  test.each([
    'no date',
    'yesterday',
    '2026-13-45',
    '2026-10-20T25:61:00',
    '32 Oct 2026',
    `2026${' '.repeat(200)}x`,
  ])('is told as one that cannot be read: %s', (text) => {
    expect(unreadDate([text, ''], now)).toBe(text);
    expect(unreadDate([text, '2026-10-20'], now)).toBeUndefined();
  });

  test.each(['0000-00-00 00:00:00', 'Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 02 Jan 2099 00:00:00 GMT', ''])(
    'is none where none was set or it cannot be: %s',
    (text) => {
      expect(feedDate(text, now)).toBeUndefined();
      expect(unreadDate([text], now)).toBeUndefined();
    },
  );

  test('never stops the reading, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string({ unit: fc.constantFrom(...'0123456789-/:.TZ+ AMOct年月日') }),
        (any, alike) => {
          for (const text of [any, alike]) {
            const date = feedDate(text, now);
            if (date) expect(date.at).toBeLessThanOrEqual(now + 2 * 86_400_000);
          }
        },
      ),
    );
  });
});
