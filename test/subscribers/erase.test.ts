import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { saveCooldown } from '../../src/delivery/cooldowns-table.ts';
import { DAY, HOUR, SECOND } from '../../src/domain/time.ts';
import { eraseByAddress } from '../../src/subscribers/admin.ts';
import { changePreferences } from '../../src/subscribers/lifecycle.ts';
import { linkFor } from '../../src/subscribers/links.ts';
import { settleSignUps } from '../../src/subscribers/sign-up.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { addresses, enrollSubscribers, ledger, type TestApp, tempFolder } from '../support/app.ts';
import { onSqlite } from '../support/engine.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';
import { linkIn, openPages } from '../support/pages.ts';

const ADA = 'Ada.Lovelace@example.org';
const HOOKS = { WEBHOOK_URLS: 'http://127.0.0.1:9/hook', WEBHOOK_SECRET: 'a secret that signs' };

/** All that the database holds, as text, whatever tables it has. */
async function everything(app: App): Promise<string> {
  const { db } = app.store;
  const tables = await db.introspection.getTables();
  const rows = await Promise.all(
    tables.map(({ name }) =>
      db
        .selectFrom(name as 'told')
        .selectAll()
        .execute(),
    ),
  );
  return JSON.stringify(rows);
}

/** A subscriber who has done all that leaves a trace, and to whom things have happened. */
async function liveAndMove(app: TestApp, mails: readonly { to: string; raw: Buffer }[]): Promise<number> {
  const pages = openPages(app);
  await pages.signUp('ada.before@example.org');
  await pages.post(await linkIn(mails.at(-1)?.raw, 'confirm'));
  const { id = 0 } = (await findByAddress(app.store.db, 'ada.before@example.org')) ?? {};
  await pages.post(linkFor(app, 'preferences', id), {
    ...{ deliver_at: '07:00', timezone: 'UTC', rhythm: 'every' },
    interests: 'author:Grace Quicksilver',
  });
  await pages.post(`${linkFor(app, 'preferences', id)}/library`, { pasted: '10.5555/quicksilver.1' });
  const manage = linkFor(app, 'manage', id, { issuedAt: app.clock() });
  await pages.post(`${manage}/address`, { email: ADA });
  await pages.post(await linkIn(mails.at(-1)?.raw, 'address'));
  await runOnce(app, { due: true });
  app.time.set('2026-08-19T07:00:00Z');
  await runOnce(app, { due: true });
  return id;
}

describe('erasing a reader', () => {
  test('leaves nothing of theirs in any table, and the books balance', async () => {
    await using room = await openNewsroom(HOOKS);
    const { app, relay } = room;
    const [other = 0] = await enrollSubscribers(app, ['bea@example.org'], { topics: ['slow lamps'] });
    await enrollSubscribers(app, ['cleo@example.org'], { topics: ['slow lamps'] });
    const id = await liveAndMove(app, relay.mails);
    const said = {
      route: 'relay',
      domain: 'example.org',
      until: app.clock() + DAY,
      reply: `550 <${ADA}> no`,
    };
    await saveCooldown(app.store.db, said);
    const told = {
      kind: 'operator',
      subscriber_id: 0,
      address: 'op@example.org',
      state: 'accepted' as const,
    };
    const sent = {
      reason: '',
      next_at: 0,
      owner: '',
      lease_until: 0,
      attempts: 1,
      lost: 0,
      reply: '',
      settled_at: 1,
    };
    const detail = `example.org refuses our mail\nthe last time with: 550 <${ADA.toLowerCase()}> no`;
    await app.store.db
      .insertInto('notices')
      .values({ ...told, ...sent, created_at: 1, detail })
      .execute();
    app.time.advance(HOUR + SECOND);
    const stranger = linkFor(app, 'manage', other, { issuedAt: app.clock() });
    await openPages(app).post(`${stranger}/address`, { email: ADA.toUpperCase() });
    await app.store.db.deleteFrom('address_changes').execute();
    expect(await everything(app)).toMatch(/ada\.lovelace.*quicksilver/is);

    await eraseByAddress(app, ADA);
    const left = await everything(app);
    expect(left).not.toMatch(/ada\.(lovelace|before)|quicksilver/i);
    expect(left, 'what others want too').toContain('slow lamps');
    const rows = app.store.db.selectFrom('deliveries').selectAll().where('subscriber_id', '=', id);
    expect(await rows.execute()).toMatchObject([{ address: '', profile_id: 0 }]);
    expect(await ledger(app)).toHaveLength(3);
    expect(await wrongBooks(app)).toEqual([]);
  });

  onSqlite(
    'leaves no byte of their address in the files of SQLite, and none of whoever never confirmed',
    async () => {
      using folder = tempFolder();
      const DATABASE_URL = join(folder.path, 'offprint.db');
      await using room = await openNewsroom({ DATABASE_URL, SECRET: 'the same each time', ...HOOKS });
      const { app, relay } = room;
      // Enough that pages of tables and indexes are split, moved and freed.
      await enrollSubscribers(app, addresses(300));
      await liveAndMove(app, relay.mails);
      await openPages(app).signUp('never.confirmed@example.org');
      const bytes = () =>
        ['', '-wal']
          .map((end) => DATABASE_URL + end)
          .map((file) => (existsSync(file) ? readFileSync(file, 'latin1').toLowerCase() : ''))
          .join('');
      expect(bytes()).toContain('ada.lovelace');
      await eraseByAddress(app, ADA);
      await app.store.wipeSoon();
      expect(bytes()).not.toMatch(/ada\.(lovelace|before)@/);
      expect(bytes()).toContain('never.confirmed');
      app.time.advance(8 * DAY);
      await settleSignUps(app);
      await app.store.wipeSoon();
      expect(bytes()).not.toContain('never.confirmed');
      expect(bytes()).toContain('reader300@example.org');
    },
  );
});

describe('wishes that nobody has any more', () => {
  const profiles = async (app: App) =>
    (await app.store.db.selectFrom('profiles').select('id').execute()).length;
  const save = (app: App, id: number, topic: string) =>
    changePreferences(app, id, { timezone: 'UTC', deliverAt: '07:00', days: 127, topics: [topic] });

  test('do not gather, however often a reader changes theirs', async () => {
    await using room = await openNewsroom();
    const { app } = room;
    const [id = 0, other = 0] = await enrollSubscribers(app, addresses(2));
    await runOnce(app, { due: true });
    await save(app, other, 'lamps 0');
    for (let count = 0; count < 40; count += 1) await save(app, id, `lamps ${count}`);
    expect(await profiles(app)).toBe(2);
    app.time.set('2026-08-19T07:00:00Z');
    await runOnce(app, { due: true });
    expect((await ledger(app)).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
    expect(await profiles(app), 'sent ones can still be shown').toBe(2);
  });

  test('are removed in slices, and none that a delivery needs', async () => {
    await using room = await openNewsroom();
    const { app } = room;
    const [id = 0] = await enrollSubscribers(app, addresses(1));
    await runOnce(app, { due: true });
    await save(app, id, 'lamps');
    const unused = Array.from({ length: 1200 }, (_, index) => ({
      key: `unused ${index}`,
      body: '{"topics":[]}',
    }));
    for (let start = 0; start < unused.length; start += 400)
      await app.store.db
        .insertInto('profiles')
        .values(unused.slice(start, start + 400))
        .execute();
    app.time.advance(2 * HOUR);
    await settleSignUps(app);
    expect(await app.store.db.selectFrom('profiles').select('body').execute()).toEqual([
      { body: '{"topics":["lamps"]}' },
    ]);
  });
});
