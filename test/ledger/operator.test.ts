import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { addresses, enrollSubscribers, openTestApp, tempFolder } from '../support/app.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';
import { scriptedServer } from '../support/scripted-server.ts';

const OPERATOR_EMAIL = 'operator@example.org';

async function notices(app: App) {
  return app.store.db.selectFrom('notices').select(['kind', 'address', 'state', 'detail']).execute();
}

describe('the operator', () => {
  test('is told once by two processes that find no source at the same time', async () => {
    using folder = tempFolder();
    const DATABASE_URL = join(folder.path, 'offprint.db');
    await using room = await openNewsroom({ DATABASE_URL, OPERATOR_EMAIL }, { owner: 'one' });
    await using other = await openTestApp(room.settings, { time: room.app.time, owner: 'two' });
    room.feeds.state.down = true;
    await Promise.all([runOnce(room.app), runOnce(other)]);
    await runOnce(other);
    expect(await notices(room.app)).toMatchObject([
      { kind: 'operator', address: OPERATOR_EMAIL, state: 'accepted' },
    ]);
    expect(room.relay.recipients()).toEqual([OPERATOR_EMAIL]);
  });

  test('reads what hostile servers answered as plain text, and the issue goes out when they are well', async () => {
    const evil = '<img src=x onerror=alert(1)>\r\nBcc: victim@example.org\u202e {{secret}} **x**';
    await using bad = await scriptedServer((_, response) =>
      response.writeHead(400).end(JSON.stringify({ error: evil })),
    );
    await using room = await openNewsroom();
    const SOURCES = `${room.settings.SOURCES}, rss:${bad.url}/f.xml`;
    await using app = await openTestApp({ ...room.settings, SOURCES, OPERATOR_EMAIL }, { realMails: true });
    await enrollSubscribers(app, addresses(2));
    room.feeds.state.down = true;
    expect((await runOnce(app)).issue.state).toBe('held');
    expect(room.relay.recipients()).toEqual([OPERATOR_EMAIL]);
    const mail = await simpleParser(room.relay.mails[0]?.raw ?? '');
    expect(mail.subject).toBe('Offprint: the issue of 2026-08-19 is held: no source could be reached');
    expect([...mail.headers.keys()]).not.toContain('bcc');
    const html = mail.html || '';
    expect(html).not.toContain('<img src=x');
    expect(html).toContain('&lt;img src');
    for (const part of [html, mail.text ?? '']) {
      expect(part).not.toMatch(/\u202e/);
      expect(part.replace(/\s+/g, ' ')).toContain('answered 503');
      expect(part).toContain('It is tried again by itself.');
    }
    room.feeds.state.down = false;
    expect((await runOnce(app)).issue.state).toBe('done');
    expect(room.relay.recipients()).toEqual([OPERATOR_EMAIL, ...addresses(2)].sort());
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('whose mailbox is gone keeps nobody from their mail', async () => {
    await using room = await openNewsroom({ OPERATOR_EMAIL });
    const { app, relay, feeds } = room;
    await enrollSubscribers(app, addresses(2));
    relay.follow(({ stage, to }) =>
      stage === 'rcpt' && to === OPERATOR_EMAIL ? '550 5.1.1 gone' : undefined,
    );
    feeds.state.down = true;
    await runOnce(app);
    feeds.state.down = false;
    expect((await runOnce(app)).issue.state).toBe('done');
    expect(relay.recipients()).toEqual(addresses(2));
    expect(await notices(app)).toMatchObject([{ state: 'failed' }]);
  });

  test('is told again of another day', async () => {
    await using room = await openNewsroom({ OPERATOR_EMAIL });
    room.feeds.state.down = true;
    await runOnce(room.app);
    room.app.time.set('2026-08-20T05:00:00Z');
    await runOnce(room.app);
    expect((await notices(room.app)).map(({ detail }) => detail.split('\n')[0])).toEqual([
      'the issue of 2026-08-19 is held: no source could be reached',
      'the issue of 2026-08-20 is held: no source could be reached',
    ]);
  });
});
