import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { cli } from '../cli/fake-host.ts';
import { enrollSubscribers, openTestApp } from '../support/app.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';

const NONE = {
  SITE_URL: 'none',
  MAIL_FROM: 'The Papers <papers@example.org>',
  UNSUBSCRIBE_ADDRESS: 'leave@example.org',
};

describe('a relay beyond this machine without SITE_URL', () => {
  test.each(['start', 'once', 'worker'])('makes %s refuse, with what to set', async (command) => {
    const settings = { SITE_URL: '', SMTP_URL: 'smtp://127.0.0.1:9, smtp://relay.example.org' };
    await using app = await openTestApp(settings);
    // A worker looks at its database first.
    const config = { ...app.config, DATABASE_URL: 'postgres://db/offprint' };
    const { code, err } = await cli(command === 'worker' ? { ...app, config } : app, command);
    expect(code).toBe(2);
    expect(err).toMatch(/http:\/\/localhost:3000[\s\S]*SITE_URL=none[\s\S]*\[SITE_URL_MISSING\]/);
  });

  test('is no matter for a relay on this machine, files, or a SITE_URL that somebody has set', async () => {
    for (const settings of [
      { SITE_URL: '', SMTP_URL: 'smtp://127.0.0.1:9' },
      { SITE_URL: '', SMTP_URL: '' },
      { SITE_URL: 'http://localhost:3000', SMTP_URL: 'smtp://relay.example.org' },
    ]) {
      await using app = await openTestApp({ ...settings, SOURCES: 'huggingface@http://127.0.0.1:1' });
      expect((await cli(app, 'once', '--wait', '0s')).err).toContain('[NO_SOURCE_ANSWERED]');
    }
  });
});

describe('a newsletter without pages', () => {
  test('says what else it needs', () => {
    expect(() => loadConfig({ SITE_URL: 'none' })).toThrow(/UNSUBSCRIBE_ADDRESS[\s\S]*MAIL_FROM/);
    expect(loadConfig(NONE)).toMatchObject({ SITE_URL: '', pages: 'none' });
  });

  test('mails issues whose only links are those of the papers, and a mailbox to leave', async () => {
    await using room = await openNewsroom(NONE, { realMails: true });
    const { app, relay } = room;
    await enrollSubscribers(app, ['ada@example.org']);
    await runOnce(app);
    const [mail] = relay.mails;
    const text = String(mail?.raw).replaceAll('=\r\n', '').replaceAll('=3D', '=').replaceAll('&#x3D;', '=');
    expect(text).toMatch(
      /^List-Unsubscribe: <mailto:leave@example\.org\?subject=unsubscribe%20[\w.-]+>\r?$/m,
    );
    expect(text).not.toMatch(/^List-(Unsubscribe-Post|Archive|Help)/m);
    expect(text).toContain('href="mailto:leave@example.org?subject=unsubscribe%20');
    expect(text).not.toMatch(/localhost|href=""|\/preferences\/|\/issues\//);
    expect(await wrongBooks(app)).toEqual([]);
  });
});
