import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readEnvFile, settingMeant } from '../../src/config/env-file.ts';
import { loadConfig } from '../../src/config/load.ts';
import { SETTINGS } from '../../src/config/table.ts';
import { tempFolder } from '../support/app.ts';

const TEXT = 'SITE_URL=https://papers.example.org\r\nNEWSLETTER_NAME="Größe"\r\n';
const SETTINGS_OF_IT = { SITE_URL: 'https://papers.example.org', NEWSLETTER_NAME: 'Größe' };

describe('a .env file', () => {
  test.each([
    ['in UTF-8', Buffer.from(TEXT)],
    ['with a byte order mark', Buffer.from(`\ufeff${TEXT}`)],
    ['in UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['in UTF-16 the other way round', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16()],
    ['in Windows-1252', Buffer.from(TEXT, 'latin1')],
  ])('is read %s', (_, bytes) => {
    using folder = tempFolder();
    const path = join(folder.path, '.env');
    writeFileSync(path, bytes);
    expect(readEnvFile(path)).toEqual(SETTINGS_OF_IT);
  });

  test('has a colour without quotes, which is no comment', () => {
    using folder = tempFolder();
    const path = join(folder.path, '.env');
    writeFileSync(path, 'ACCENT=#005f73\n# ACCENT=#111111\nLOGO= # none yet\n');
    expect(readEnvFile(path)).toEqual({ ACCENT: '#005f73', LOGO: '' });
  });

  test('that cannot be read is a fault that says so', () => {
    using folder = tempFolder();
    const path = join(folder.path, '.env');
    mkdirSync(path);
    expect(() => readEnvFile(path)).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }));
  });

  test('with a name that is nearly a setting’s is refused with the right one', () => {
    const load = () => loadConfig({ PORT: 'web' }, ['MAIL_FORM', 'PORT', 'POSTGRES_PASSWORD', 'smtp_url']);
    expect(load).toThrow(/MAIL_FORM: .*did you mean MAIL_FROM\?\n.*smtp_url: .*SMTP_URL\?\n.*PORT="web"/);
  });
});

describe('a name', () => {
  test.each([
    ['MAIL_FORM', 'MAIL_FROM'],
    ['SITEURL', 'SITE_URL'],
    ['SITE-URL', 'SITE_URL'],
    ['port', 'PORT'],
    ['API_TOKEN', 'API_TOKENS'],
    ['WEBHOOK_URL', 'WEBHOOK_URLS'],
  ])('%s means %s', (name, meant) => expect(settingMeant(name)).toBe(meant));

  test('that is a setting’s, or far from all of them, means nothing else', () => {
    const others = [
      'HOME',
      'POSTGRES_PASSWORD',
      'NODE_ENV',
      'LANG',
      'TZ',
      'PATH',
      'HTTPS_PROXY',
      'DOMAIN',
      'EMAIL',
    ];
    for (const name of [...Object.keys(SETTINGS), ...others]) expect(settingMeant(name)).toBeUndefined();
  });
});
