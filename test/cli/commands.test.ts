import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { DELIVERY_STATES } from '../../src/domain/delivery.ts';
import { addresses, enrollSubscribers, openTestApp, tempFolder } from '../support/app.ts';
import { openNewsroom } from '../support/newsroom.ts';
import { cli } from './fake-host.ts';

describe('exit codes', () => {
  test('0 when the day is done, and it says how it went', async () => {
    await using room = await openNewsroom();
    await enrollSubscribers(room.app, addresses(3));
    const { code, out, err } = await cli(room.app, 'once');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/2026-08-19 +daily +done +3 +3/);
  });

  test('1 with the message, the next step and the code when no source answers', async () => {
    await using room = await openNewsroom();
    room.feeds.state.down = true;
    const { code, err } = await cli(room.app, 'once');
    expect(code).toBe(1);
    expect(err).toMatch(/^No source could be reached.*\n.*offprint status.* \[NO_SOURCE_ANSWERED\]$/);
    const fetched = await cli(room.app, 'fetch');
    expect(fetched).toMatchObject({ code: 1, err: expect.stringContaining('[NO_SOURCE_ANSWERED]') });
    expect(fetched.out).toContain('failed');
  });

  test('1 when there is no issue to send again, and it says how to make one', async () => {
    await using app = await openTestApp();
    const { code, err } = await cli(app, 'retry', '--failed');
    expect([code, err]).toEqual([1, expect.stringContaining('No issue has been published yet')]);
  });

  test('1 when the relay takes nothing, without its password', async () => {
    await using room = await openNewsroom();
    await enrollSubscribers(room.app, addresses(1));
    room.relay.follow(({ stage }) => (stage === 'mail' ? '550 5.7.1 not from you' : undefined));
    const { code, err } = await cli(room.app, 'once', '--wait', '0s');
    expect(code).toBe(1);
    expect(err).toContain('[NO_ROUTE]');
  });

  test('2 for settings that are wrong, all of them named', async () => {
    const open = async () => {
      loadConfig({ PORT: 'web', PICKS: '0', SMTP_URL: 'relay.example' });
      throw new Error('the settings were taken');
    };
    const { code, err } = await cli(open, 'status');
    expect(code).toBe(2);
    for (const name of ['PORT', 'PICKS', 'SMTP_URL']) expect(err).toContain(name);
    expect(err).toContain('[SETTINGS_INVALID]');
    expect(err).not.toContain('relay.example');
  });

  test('2 for options that do not go together, and for an address that is none', async () => {
    await using app = await openTestApp();
    expect(await cli(app, 'once', '--due', '--date', '2026-08-19')).toMatchObject({ code: 2 });
    expect(await cli(app, 'send', '--test', 'nobody')).toMatchObject({ code: 2 });
    expect(await cli(app, 'subscribers', 'add', 'nobody')).toMatchObject({ code: 2 });
  });

  test('3 when a delivery was lost from the books, or one lacks its proof', async () => {
    await using room = await openNewsroom();
    const { app } = room;
    await enrollSubscribers(app, addresses(3));
    await cli(app, 'once');
    await app.store.db.updateTable('deliveries').set({ reply: '' }).where('subscriber_id', '=', 1).execute();
    const unproven = await cli(app, 'status');
    expect(unproven).toMatchObject({ code: 3, err: expect.stringContaining('[BOOKS_UNBALANCED]') });
    await app.store.db.deleteFrom('deliveries').where('subscriber_id', '=', 1).execute();
    const lost = await cli(app, 'status', '--json');
    expect(lost.code).toBe(3);
    expect(lost.err).toContain('3 readers were counted and 2 have a delivery');
    expect(JSON.parse(lost.out).issues[0].counts.accepted).toBe(2);
    expect((await cli(app, 'once')).code).toBe(3);
  });
});

describe('--json', () => {
  test('of status has the shape that stays', async () => {
    await using room = await openNewsroom();
    await enrollSubscribers(room.app, addresses(2));
    await cli(room.app, 'once');
    const { issues, sources } = JSON.parse((await cli(room.app, 'status', '--json')).out);
    const counts = Object.fromEntries(DELIVERY_STATES.map((state) => [state, state === 'accepted' ? 2 : 0]));
    expect(issues).toEqual([
      expect.objectContaining({ date: '2026-08-19', kind: 'daily', state: 'done', audience: 2, counts }),
    ]);
    expect(sources).toEqual([
      {
        name: 'huggingface',
        outcome: 'new',
        items: 12,
        lastGood: '2026-08-19T05:00:00Z',
        reason: '',
      },
    ]);
  });

  test('of status says of a source that never answered why', async () => {
    await using app = await openTestApp({ SOURCES: 'huggingface@http://127.0.0.1:1' });
    await cli(app, 'fetch');
    const { sources, issues } = JSON.parse((await cli(app, 'status', '--json')).out);
    expect(issues).toEqual([]);
    expect(sources).toEqual([
      {
        name: 'huggingface',
        outcome: 'failed',
        items: 0,
        lastGood: null,
        reason: expect.stringMatching(/./),
      },
    ]);
  });

  test('of subscribers list has the shape that stays', async () => {
    await using app = await openTestApp();
    await enrollSubscribers(app, ['ada@example.org'], { name: 'Ada', days: 21, topics: ['cs.CL'] });
    await enrollSubscribers(app, ['bea@example.org'], { name: '', state: 'pending' });
    expect(JSON.parse((await cli(app, 'subscribers', 'list', '--json')).out)).toEqual([
      {
        email: 'ada@example.org',
        name: 'Ada',
        state: 'active',
        timezone: 'UTC',
        deliverAt: '07:00',
        days: 'mon wed fri',
        topics: ['cs.CL'],
      },
      {
        email: 'bea@example.org',
        name: '',
        state: 'pending',
        timezone: 'UTC',
        deliverAt: '07:00',
        days: '',
        topics: [],
      },
    ]);
  });

  test('of once, fetch, rank, issue list and issue show is one line of JSON', async () => {
    await using room = await openNewsroom();
    const lines = ['fetch', 'rank', 'once', 'issue list', 'issue show 2026-08-19'];
    for (const line of lines) {
      const { code, out } = await cli(room.app, ...line.split(' '), '--json');
      expect(code).toBe(0);
      expect(typeof JSON.parse(out)).toBe('object');
    }
  });
});

describe('the list', () => {
  test('is imported with its bad lines told, exported, and imported again unchanged', async () => {
    using folder = tempFolder();
    await using app = await openTestApp();
    const path = join(folder.path, 'in.csv');
    writeFileSync(path, 'email,name\nada@example.org,Ada\nnobody,\nbea@example.org,=Bea\n');
    const imported = await cli(app, 'subscribers', 'import', path);
    expect(imported).toMatchObject({ code: 0, out: '2 added, 0 updated, 1 bad line left out.' });
    expect(imported.err).toMatch(/^line 3: email is "nobody"/);
    const out = join(folder.path, 'out.csv');
    await cli(app, 'subscribers', 'export', out);
    const before = (await cli(app, 'subscribers', 'list', '--json')).out;
    expect(await cli(app, 'subscribers', 'import', out)).toMatchObject({
      out: '0 added, 0 updated, 2 unchanged.',
    });
    expect((await cli(app, 'subscribers', 'list', '--json')).out).toBe(before);
    expect((await cli(app, 'subscribers', 'export')).out).toBe(readFileSync(out, 'utf8').trimEnd());
  });

  test('of no good line is a fault with 1', async () => {
    using folder = tempFolder();
    await using app = await openTestApp();
    const path = join(folder.path, 'in.csv');
    writeFileSync(path, 'email\nnobody\n');
    const { code, err } = await cli(app, 'subscribers', 'import', path);
    expect(code).toBe(1);
    expect(err).toMatch(/line 2: email is "nobody"[\s\S]*\[IMPORT_EMPTY\]/);
  });

  test('takes one reader in, lets one go, and forgets one', async () => {
    await using app = await openTestApp();
    for (const act of ['add', 'remove', 'add', 'erase'])
      expect((await cli(app, 'subscribers', act, 'Ada@Example.org')).code).toBe(0);
    expect((await cli(app, 'subscribers', 'list')).out).toBe('No readers yet.');
    const unknown = await cli(app, 'subscribers', 'remove', 'ada@example.org');
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('[SUBSCRIBER_UNKNOWN]') });
  });
});

describe('an issue', () => {
  test('is built without a mail, shown, cancelled, and then not sent', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, addresses(2));
    expect((await cli(app, 'issue', 'build')).out).toContain('2026-08-19 is frozen: ');
    expect(relay.mails).toEqual([]);
    expect((await cli(app, 'issue', 'show', '2026-08-19')).out).toContain('Made-up findings');
    expect((await cli(app, 'issue', 'cancel', '2026-08-19')).out).toContain('2 mails are withdrawn');
    expect(await cli(app, 'once')).toMatchObject({ code: 0 });
    expect(relay.mails).toEqual([]);
    expect(await cli(app, 'issue', 'cancel', '2026-08-19')).toMatchObject({
      code: 1,
      err: expect.stringContaining('[ISSUE_FINISHED]'),
    });
    expect((await cli(app, 'status')).code).toBe(0);
  });

  test('that is not there is a fault with 1', async () => {
    await using app = await openTestApp();
    const { code, err } = await cli(app, 'issue', 'show', '2026-01-01');
    expect(code).toBe(1);
    expect(err).toContain('[ISSUE_UNKNOWN]');
  });

  test('goes to one address as a test, outside the books', async () => {
    await using room = await openNewsroom();
    await cli(room.app, 'fetch');
    expect(await cli(room.app, 'send', '--test', 'me@example.org')).toMatchObject({ code: 0 });
    expect(room.relay.recipients()).toEqual(['me@example.org']);
    room.relay.follow(({ stage }) => (stage === 'rcpt' ? '550 5.1.1 nobody' : undefined));
    expect(await cli(room.app, 'send', '--test', 'me@example.org')).toMatchObject({
      code: 1,
      err: expect.stringContaining('[MAIL_REFUSED]'),
    });
    expect(await room.app.store.db.selectFrom('deliveries').selectAll().execute()).toEqual([]);
  });
});

test('migrate says that the database is up to date', async () => {
  using folder = tempFolder();
  const DATABASE_URL = join(folder.path, 'offprint.db');
  {
    await using first = await openTestApp({ DATABASE_URL });
    expect((await cli(first, 'migrate')).out).toContain('Applied: first-light');
  }
  await using second = await openTestApp({ DATABASE_URL });
  expect((await cli(second, 'migrate')).out).toBe(`${DATABASE_URL} is up to date.`);
});
