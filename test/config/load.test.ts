import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { SETTINGS } from '../../src/config/table.ts';
import { Fault } from '../../src/domain/fault.ts';
import { HOUR } from '../../src/domain/time.ts';

describe('the settings', () => {
  test('may all be left out', () => {
    expect(loadConfig({})).toMatchObject({
      SITE_URL: 'http://localhost:3000',
      HOST: '127.0.0.1',
      PORT: 3000,
      MAIL_FROM: undefined,
      SMTP_URL: [],
      SECRET: undefined,
      ALLOW_PRIVATE_FEEDS: false,
      LATE_LIMIT: 12 * HOUR,
      UNCERTAIN: 'resend',
      PICKS: 10,
      MIN_NEW: 3,
    });
  });

  test('count as not set when they are empty or blank', () => {
    const blank = Object.fromEntries(
      Object.keys(SETTINGS).map((name, index) => [name, index % 2 ? '' : '  \t']),
    );
    expect(loadConfig(blank)).toEqual(loadConfig({}));
  });

  test('leave alone what else is in the environment', () => {
    expect(loadConfig({ PATH: '/bin', HOME: '\u0000' })).toEqual(loadConfig({}));
  });

  test('take the proxies in capitals and, as other programs do, in lower case', () => {
    expect(loadConfig({ https_proxy: 'proxy.example:3128', no_proxy: 'a.example' })).toMatchObject({
      HTTPS_PROXY: 'http://proxy.example:3128',
      NO_PROXY: 'a.example',
    });
    const both = { http_proxy: 'http://small.example', HTTP_PROXY: 'http://large.example' };
    expect(loadConfig(both).HTTP_PROXY).toBe('http://large.example');
    const { message } = faultOf({ HTTPS_PROXY: 'socks://me:s3cret@proxy.example' });
    expect(message).toContain('HTTPS_PROXY=(hidden): expected the address of a proxy');
  });

  test('never show a secret of a source that is wrong', () => {
    const { message } = faultOf({
      SOURCES: 'rss:ftp://me:s3cret@a.example, rss:https://b.example header="X-Token: s3cret, s3cret',
    });
    expect(message).toContain('entry 1');
    expect(message).not.toContain('s3cret');
  });

  test('make the address of the pages from the port, unless it is given', () => {
    expect(loadConfig({ PORT: '8080' }).SITE_URL).toBe('http://localhost:8080');
    expect(loadConfig({ PORT: '8080', SITE_URL: 'https://a.example/' }).SITE_URL).toBe('https://a.example');
  });
});

describe('settings that are invalid', () => {
  test('are reported all at once, each with its name, its value and what was expected', () => {
    const fault = faultOf({
      PORT: '99999',
      DEFAULT_TIMEZONE: 'Mars/Olympus',
      DELIVER_AT: '7:15',
      PICKS: '10',
    });
    expect(fault).toMatchObject({ code: 'SETTINGS_INVALID', exitCode: 2 });
    expect(fault.message.split('\n')).toEqual([
      '3 settings are invalid:',
      '  PORT="99999": expected a whole number from 1 to 65535',
      '  DELIVER_AT="7:15": expected a local time HH:MM in steps of 30 minutes, such as 07:00',
      '  DEFAULT_TIMEZONE="Mars/Olympus": expected an IANA time zone such as Europe/Berlin or UTC',
    ]);
    expect(fault.next).toContain('.env');
  });

  test('have a line for every bad source', () => {
    const { message } = faultOf({ SOURCES: 'huggingface, arxiv, gopher' });
    expect(message).toContain('entry 2 (arxiv)');
    expect(message).toContain('entry 3 (gopher)');
  });

  test('are counted as settings, however many problems one of them has', () => {
    expect(faultOf({ SOURCES: 'a, b' }).message).toMatch(/^A setting is invalid:/);
  });

  test('never show a secret', () => {
    const { message } = faultOf({ SMTP_URL: 'http://me:hunter2@a.example', SECRET: 'hunter2\u0007' });
    expect(message).toContain('SMTP_URL=(hidden): expected smtp://');
    expect(message).toContain('SECRET=(hidden): expected');
    expect(message).not.toContain('hunter2');
  });

  test('never show the password of an address in any setting', () => {
    for (const name of ['SOURCES', 'SITE_URL', 'DATABASE_URL']) {
      const { message } = faultOf({ [name]: 'ftp://me:hunter2@a.example/x?y' });
      expect(message).toContain(`${name}=`);
      expect(message).not.toContain('hunter2');
    }
  });

  test('are shown on one line, however long or odd', () => {
    const lines = faultOf({ PORT: `1\n2${'9'.repeat(5000)}` }).message.split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]?.length).toBeLessThan(200);
  });
});

function faultOf(environment: Record<string, string>): Fault {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('the settings were taken');
}
