import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ZodType } from 'zod';
import { loadConfig } from '../../src/config/load.ts';
import * as read from '../../src/config/parsers.ts';
import { createSmtpTransport } from '../../src/delivery/smtp/smtp.ts';
import { nextFreeze } from '../../src/domain/edition.ts';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import { startTicks } from '../../src/runtime/ticks.ts';

/** The value that the parser reads, or what it expected. */
function tried(parser: ZodType<unknown, string>, text: string): unknown {
  const result = parser.safeParse(text);
  return result.success ? result.data : new Error(result.error.issues[0]?.message);
}

function refused(parser: ZodType<unknown, string>, ...texts: string[]): void {
  for (const text of texts) expect(tried(parser, text), text).toBeInstanceOf(Error);
}

/** What is said of settings that are not right, but for what was expected of them. */
function faultOf(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
  } catch (error) {
    return (error as Error).message.replaceAll(/expected .*/g, '');
  }
  throw new Error('the settings were taken');
}

describe('a setting that is', () => {
  test('a whole number keeps within its bounds and is nothing but digits', () => {
    const number = read.wholeNumber(1, 100);
    expect(tried(number, '1')).toBe(1);
    expect(tried(number, '100')).toBe(100);
    expect(tried(number, '007')).toBe(7);
    refused(number, '0', '101', '-1', '1.5', '1e2', '0x10', '', ' 1', '１', '9'.repeat(40));
  });

  test('a share is above 0 and at most 1', () => {
    expect(tried(read.share, '0.5')).toBe(0.5);
    expect(tried(read.share, '1')).toBe(1);
    refused(read.share, '0', '0.0', '1.1', '2', '-0.5', '50%', '', '1e-1');
  });

  test('a text is one line', () => {
    expect(tried(read.text, 'Das Größte & Beste')).toBe('Das Größte & Beste');
    refused(read.text, 'a\nBcc: b', 'a\u0000', 'a\u0085b');
  });

  test('an optional text is undefined when empty', () => {
    expect(tried(read.optionalText, '')).toBeUndefined();
  });

  test('a choice is one of the words, as they are written', () => {
    expect(tried(read.oneOf('resend', 'hold'), 'hold')).toBe('hold');
    refused(read.oneOf('resend', 'hold'), 'HOLD', 'resend,hold', 'toString');
    expect(tried(read.oneOf('a', 'b'), 'c')).toEqual(new Error('one of a, b'));
  });

  test('yes or no is true or false', () => {
    expect(tried(read.yesOrNo, 'true')).toBe(true);
    expect(tried(read.yesOrNo, 'false')).toBe(false);
    refused(read.yesOrNo, 'yes', '1', 'TRUE');
  });

  test('a time zone has an IANA name', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/Argentina/Ushuaia', 'Asia/Kathmandu'])
      expect(tried(read.timeZone, zone)).toBe(zone);
    refused(read.timeZone, '+02:00', 'Berlin', 'Europe/Berlin ', 'Europe', '__proto__');
  });

  test('a local time comes in half hours', () => {
    for (const time of ['00:00', '07:30', '23:30']) expect(tried(read.localTime, time)).toBe(time);
    refused(read.localTime, '24:00', '7:00', '07:15', '07:00:00', '19:60');
  });

  test('a duration has a number and a unit', () => {
    expect(tried(read.duration, '90s')).toBe(90_000);
    expect(tried(read.duration, '5m')).toBe(5 * MINUTE);
    expect(tried(read.duration, '2d')).toBe(2 * DAY);
    refused(read.duration, '12', 'h', '-1h', '1.5h', '1 h', '1h30m', '1w');
  });

  test('a duration is one that a calendar can hold', () => {
    refused(read.duration, `${'9'.repeat(400)}d`, `${'9'.repeat(14)}d`);
  });

  test('a cron line has five fields', () => {
    for (const line of ['0 5 * * *', '*/15 * * * *', '30 4 * * mon-fri', '0 0 1 1 0'])
      expect(tried(read.cron, line)).toBe(line);
    refused(read.cron, '0/15 * * * *', 'H * * * *');
    refused(read.cron, '0 5 * *', '0 0 5 * * *', '61 5 * * *', '0 25 * * *', 'daily', '@daily', '0 5 30 2 *');
  });

  test('a cron line that is taken is one for the ticks and for the moments of issues', () => {
    const field = fc.constantFrom(
      '*',
      '0',
      '5',
      '*/15',
      '0/15',
      '1-5',
      '5-1',
      '1,3',
      'H',
      'L',
      '?',
      '7',
      'mon',
      'MON-FRI',
      '59',
      '0-30/10',
      '*/0',
      '1-5/2',
      '60',
      'jan',
      '#',
    );
    fc.assert(
      fc.property(fc.array(field, { minLength: 4, maxLength: 6 }), (fields) => {
        const line = fields.join(' ');
        if (tried(read.cron, line) !== line) return;
        startTicks([{ name: 'x', cron: line, timezone: 'UTC', run: async () => {} }])();
        expect(nextFreeze(0, { cron: line, timezone: 'UTC' })).toBeGreaterThan(0);
      }),
    );
  });

  test('an address is a mailbox, here or anywhere', () => {
    expect(tried(read.optionalAddress, 'Papers@News.Example.ORG')).toBe('Papers@news.example.org');
    expect(tried(read.optionalAddress, 'offprint@localhost')).toBe('offprint@localhost');
    expect(tried(read.optionalAddress, '')).toBeUndefined();
    refused(
      read.optionalAddress,
      'a',
      'a@',
      '@b.example',
      'A <a@b.example>',
      'a@b.example, c@d.example',
      'a@b c.example',
    );
  });

  test('a mailbox may have a name before its address, in quotes or not', () => {
    const named = (name: string) => ({ name, address: 'news@example.org' });
    for (const [text, expected] of [
      ['News@Example.ORG', { name: '', address: 'News@example.org' }],
      ['<news@example.org>', named('')],
      ['Offprint <news@example.org>', named('Offprint')],
      ['"Papers, daily" <news@example.org>', named('Papers, daily')],
      ['"The \\"best\\" papers" <news@example.org>', named('The "best" papers')],
      ['The "best" papers<news@example.org>', named('The "best" papers')],
      ['Überblick 論文 <news@example.org>', named('Überblick 論文')],
      ['Offprint <offprint@localhost>', { name: 'Offprint', address: 'offprint@localhost' }],
    ] as const)
      expect(tried(read.optionalMailbox, text)).toEqual(expected);
    expect(tried(read.optionalMailbox, '')).toBeUndefined();
    refused(
      read.optionalMailbox,
      'Offprint',
      'Offprint news@example.org',
      'Offprint <news@>',
      'Offprint <news@example.org> and more',
      'A <a@b.example>, C <c@d.example>',
      'Off\nprint <news@example.org>',
      'Offprint <news@example.org',
    );
  });

  test('the address of the pages is http or https, and loses the slash at its end', () => {
    expect(tried(read.siteUrl, '')).toBe('');
    expect(tried(read.siteUrl, 'https://Papers.Example.org')).toBe('https://papers.example.org');
    expect(tried(read.siteUrl, 'https://a.example/papers//')).toBe('https://a.example/papers');
    refused(
      read.siteUrl,
      'a.example',
      'ftp://a.example',
      'https://',
      'https://a.example/?x=1',
      'https://a.example/#x',
    );
    refused(read.siteUrl, 'https://me:secret@a.example', 'javascript:alert(1)');
  });

  test('a list of relays is smtp or smtps each', () => {
    expect(tried(read.smtpUrls, '')).toEqual([]);
    expect(tried(read.smtpUrls, 'smtp://u:p@a.example:587, smtps://b.example')).toEqual([
      'smtp://u:p@a.example:587',
      'smtps://b.example',
    ]);
    refused(read.smtpUrls, 'a.example:25', 'smtp://', 'http://a.example', 'smtp://a.example, b.example');
  });

  test.each([
    'smtp://news:50%off@relay.example:4',
    'smtp://news:12#34@relay.example:4',
    'smtp://news:Ab+/cd@relay.example:4',
    'smtp://news:12?34@relay.example:4',
    'smtp://news:a,b@relay.example:4',
    'smtp://news:a b@relay.example:4',
    'smtp://me@home:a/b@relay.example',
    'smtps://ok.example, smtp://news:1/2@relay.example',
  ])('a password that is not encoded is told how to be, and not shown: %s', (url) => {
    const { message } = tried(read.smtpUrls, url) as Error;
    expect(message).toContain('percent-encoded: % as %25, / as %2F');
    const fault = faultOf({ SMTP_URL: url, DATABASE_URL: url.replace(/smtps?:/, 'postgres:') });
    for (const part of ['news', '50', 'off', '12', 'Ab', 'a,b', 'a b', 'home', '1/2'])
      expect(fault).not.toContain(part);
  });

  test('a password that is encoded is taken', () => {
    for (const password of ['50%25off', '12%2334', 'Ab+%2Fcd', 'p:w', 'pä', "!$&'()*;=^|~"]) {
      const url = `smtp://news:${password}@127.0.0.1:4125/`;
      expect(tried(read.smtpUrls, url)).toEqual([url]);
      expect(() => createSmtpTransport(url, { connections: 1 })).not.toThrow();
      expect(tried(read.database, `postgres://news:${password}@h/db`)).toBe(
        `postgres://news:${password}@h/db`,
      );
    }
  });

  test('a database is a SQLite file or a Postgres', () => {
    expect(tried(read.database, 'data/offprint.db')).toBe('data/offprint.db');
    expect(tried(read.database, 'sqlite:data/x.db')).toBe('data/x.db');
    expect(tried(read.database, 'sqlite:///var/x.db')).toBe('/var/x.db');
    expect(tried(read.database, 'sqlite:/var/x.db')).toBe('/var/x.db');
    expect(tried(read.database, ':memory:')).toBe(':memory:');
    expect(tried(read.database, 'postgres://u:p@a.example/b')).toBe('postgres://u:p@a.example/b');
    refused(read.database, 'postgres://', 'sqlite:', 'mysql://a/b');
  });

  test('a list of sources has at least one', () => {
    expect(tried(read.sources, 'huggingface')).toEqual([
      { name: 'huggingface', kind: 'huggingface', argument: '' },
    ]);
    refused(read.sources, '# nothing', ',', 'huggingface, huggingface');
  });
});
