import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { issueClockOf } from '../../src/config/load.ts';
import { inSlices } from '../../src/db/slices.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import { currentEditions } from '../../src/domain/edition.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { publish } from '../../src/issues/publish.ts';
import { archiveOldDeliveries } from '../../src/ledger/archive.ts';
import { listAside } from '../../src/ledger/set-aside-table.ts';
import { enrollSubscriber } from '../../src/subscribers/admin.ts';
import { queueSignUp } from '../../src/subscribers/sign-up-table.ts';
import { sendHooks } from '../../src/webhooks/webhooks.ts';
import { cli } from '../cli/fake-host.ts';
import { addresses, enrollSubscribers } from '../support/app.ts';
import { onSqlite } from '../support/engine.ts';
import { listedDay } from '../support/feeds.ts';
import { NEVER, openNewsroom, runOnce } from '../support/newsroom.ts';
import { linkIn, openPages } from '../support/pages.ts';
import { receiver } from '../support/receiver.ts';

/** What another program, an old version or a failing disk may leave where a value should be. */
const POISON: readonly (string | number)[] = [
  '',
  'null',
  '{',
  '[]',
  '{}',
  '[1,null]',
  '{"paper":null}',
  'PST',
  'Mars/Olympus',
  'nul\0l',
  '\ud800',
  '2026-13-45',
  -1,
  0,
  1.5,
  9e15,
  'x'.repeat(3000),
];

/** Tables whose every row is about everybody, or about nothing that is worked on. */
const LEFT_ALONE = new Set(['migrations', 'secrets', 'keys']);

type Column = { readonly name: string; readonly type: string; readonly pk: number };

async function tablesOf(app: App): Promise<Map<string, Column[]>> {
  const { db } = app.store;
  const { rows } = await sql<{ name: string }>`
    select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name not like '%_fts%'`.execute(
    db,
  );
  const tables = new Map<string, Column[]>();
  for (const { name } of rows.filter(({ name }) => !LEFT_ALONE.has(name))) {
    const columns = await sql<Column>`select name, type, pk from pragma_table_info(${name})`.execute(db);
    tables.set(name, columns.rows);
  }
  return tables;
}

/** A row like one that is there, under a key of its own. */
async function likeness(app: App, table: string, columns: readonly Column[]) {
  const found = await sql<Record<string, string | number | null>>`
    select * from ${sql.table(table)} limit 1`.execute(app.store.db);
  const blank = Object.fromEntries(columns.map(({ name, type }) => [name, /text/i.test(type) ? '' : 0]));
  return found.rows[0] ?? blank;
}

/** Inserts for every column of every table a row for each kind of poison in it. @returns how many went in */
async function poison(app: App): Promise<number> {
  let next = 100_000;
  let count = 0;
  for (const [table, columns] of await tablesOf(app)) {
    const model = await likeness(app, table, columns);
    for (const { name, pk } of columns) {
      for (const value of POISON) {
        next += 1;
        const keys = columns.map((column): [string, string | number] => {
          const known = model[column.name];
          if (column.name === 'issue_id') return [column.name, Number(known)];
          return [column.name, /text/i.test(column.type) ? `${known || 'key'}-${next}` : next];
        });
        const own = Object.fromEntries(
          keys.filter(([column]) => columns.some((c) => c.name === column && (c.pk || isUnique(column)))),
        );
        const row = { ...model, ...own, ...(pk && !isText(columns, name) ? {} : { [name]: value }) };
        count += await insert(app, table, row);
      }
    }
  }
  return count;
}

/** Columns that are unique beside the primary key. */
function isUnique(column: string): boolean {
  return ['email_key', 'paper_id', 'key', 'event_id', 'date'].includes(column);
}

function isText(columns: readonly Column[], name: string): boolean {
  return columns.some((column) => column.name === name && /text/i.test(column.type));
}

/** Some are refused by the database itself, which is as good. */
async function insert(app: App, table: string, row: Record<string, string | number | null>) {
  const columns = sql.join(Object.keys(row).map((name) => sql.ref(name)));
  const values = sql.join(Object.values(row));
  try {
    await sql`insert into ${sql.table(table)} (${columns}) values (${values})`.execute(app.store.db);
    return 1;
  } catch {
    return 0;
  }
}

const TOKEN = 'a token of more than twenty letters'.replaceAll(' ', '-');

/** A newsletter with subscribers, papers, notices, sign-ups and webhooks, a day after its first issue. */
async function secondDay() {
  const hook = await receiver();
  const room = await openNewsroom({
    OPERATOR_EMAIL: 'operator@example.org',
    WEBHOOK_URLS: hook.url,
    WEBHOOK_SECRET: 'long enough for a secret of ours',
    LEDGER_DAYS: '30',
    API_TOKENS: TOKEN,
  });
  const { app } = room;
  await enrollSubscribers(app, addresses(3));
  await enrollSubscribers(app, ['own@example.org'], { topics: ['cs.CL', 'like:2608.18001', '-lamps'] });
  await enrollSubscriber(app, 'hook@example.org');
  await queueSignUp(app.store.db, 'first@example.org', ['cs.CL'], app.clock());
  await runOnce(app);
  room.feeds.state.days['2026-08-19'] = listedDay('2026-08-19', 12);
  app.time.advance(DAY);
  return { room, app, hook };
}

const GOOD = [...addresses(3), 'own@example.org', 'hook@example.org'];

onSqlite(
  'with a row of every kind of poison in every table, everybody else gets their issue, sign-ups are answered, pages and commands work',
  async () => {
    const { room, app, hook } = await secondDay();
    await using _ = room;
    const preferences = await linkIn(room.relay.mails.find(({ to }) => to === GOOD[0])?.raw, 'preferences');
    expect(await poison(app)).toBeGreaterThan(1000);
    // As they are when a source has just given them.
    await app.store.db.updateTable('entries').set({ paper: null }).where('key', 'like', '%-1_____').execute();
    const before = room.relay.mails.length;
    await queueSignUp(app.store.db, 'new@example.org', [], app.clock());
    await runOnce(app, { wait: 0 });
    const mailed = room.relay.mails.slice(before).map(({ to }) => to);
    expect(mailed).toEqual(expect.arrayContaining([...GOOD, 'new@example.org']));

    const pages = openPages(app);
    const paths = [
      ...['/', '/issues', '/issues/2026-08-19', '/issues/2026-08-20', '/feed.xml', '/feed.json', '/healthz'],
      ...['/papers', '/papers?q=small', '/papers?q=author:ada', '/papers/arxiv:2608.19001', '/subscribe'],
      ...[preferences],
    ];
    for (const path of paths) expect([path, (await pages.get(path)).status]).toEqual([path, 200]);
    const api = await pages.web.request('/api/v1/subscribers', {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(api.status).toBe(200);
    const lines = [
      ['status'],
      ['status', '--json'],
      ['status', '2026-08-19'],
      ['subscribers', 'list'],
      ['subscribers', 'list', '--json'],
      ['subscribers', 'export'],
      ['issue', 'list'],
      ['issue', 'show', '2026-08-20'],
      ['rank', '--limit', '3'],
      ['subscribers', 'remove', GOOD[0] ?? ''],
      ['subscribers', 'erase', GOOD[0] ?? ''],
    ];
    for (const line of lines) {
      const { code, err } = await cli(app, ...line);
      // The poisoned ledger is out of balance, and status says so.
      expect([line.join(' '), code === 3 ? 0 : code, err.includes('BOOKS') ? '' : err]).toEqual([
        line.join(' '),
        0,
        '',
      ]);
    }
    await sendHooks(app, NEVER);
    expect(hook.types()).toContain('issue.sent');
    await archiveOldDeliveries(app, app.clock() + 90 * DAY);
    app.time.advance(SECOND);
    await deliver(app, app.composing, app.sending, () => ({ dueBy: app.clock() }), NEVER);

    const setAside = await listAside(app.store.db, 10_000);
    for (const kind of ['subscriber', 'entry', 'sign-up'])
      expect(setAside.map((a) => a.kind)).toContain(kind);
    const told = await app.store.db
      .selectFrom('notices')
      .select('detail')
      .where('kind', '=', 'operator')
      .where('detail', 'like', '%set aside%')
      .execute();
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(10);
  },
  60_000,
);

describe('in an issue that is frozen', () => {
  /** Frozen and planned, with nothing sent; `spoil` is what happens to the database then. */
  async function spoiled(spoil: (app: App) => Promise<unknown>) {
    const { room, app } = await secondDay();
    await enrollSubscribers(app, ['weird@example.org'], { topics: ['cs.LG'] });
    await publish(app, app.publishing, currentEditions(app.clock(), issueClockOf(app.config)), {
      signal: NEVER,
      retrySkipped: false,
    });
    await spoil(app);
    const before = room.relay.mails.length;
    app.time.advance(DAY / 2);
    await deliver(app, app.composing, app.sending, () => ({ dueBy: app.clock() }), NEVER);
    return { room, app, mailed: room.relay.mails.slice(before).map(({ to }) => to) };
  }

  test('a candidate that cannot be read is nobody’s pick, and readers with interests get theirs', async () => {
    const { room, app, mailed } = await spoiled((app) =>
      app.store.db.updateTable('candidates').set({ body: '{' }).where('place', '=', 3).execute(),
    );
    await using _ = room;
    expect(mailed).toEqual(expect.arrayContaining([...GOOD, 'weird@example.org']));
    const aside = await listAside(app.store.db, 10);
    expect(aside).toMatchObject([{ kind: 'candidate', reason: 'its row cannot be read' }]);
  });

  test('who has a profile or picks that cannot be read gets the issue all the same', async () => {
    const { room, app, mailed } = await spoiled(async (app) => {
      await app.store.db.updateTable('profiles').set({ body: 'null' }).execute();
      await app.store.db
        .updateTable('deliveries')
        .set({ picks: '!? 17' })
        .where('profile_id', '>', 0)
        .execute();
    });
    await using _ = room;
    expect(mailed).toEqual(expect.arrayContaining([...GOOD, 'weird@example.org']));
    expect((await listAside(app.store.db, 10)).map(({ kind }) => kind)).toContain('profile');
  });

  test('that cannot be read itself, pages show the one before it', async () => {
    const { room, app } = await spoiled((app) =>
      app.store.db.updateTable('issues').set({ body: '{}' }).where('date', '=', '2026-08-20').execute(),
    );
    await using _ = room;
    const { get } = openPages(app);
    const home = await get('/');
    expect([home.status, (await get('/issues')).status]).toEqual([200, 200]);
    expect(home.text).toContain('/issues/2026-08-19');
    expect((await listAside(app.store.db, 10)).map(({ kind }) => kind)).toEqual(['issue']);
  });
});

describe('a slice of rows', () => {
  test('is cut until the bad ones are alone, and all the others are worked on', async () => {
    const bad = fc.uniqueArray(fc.integer({ min: 0, max: 199 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(bad, fc.integer({ min: 1, max: 60 }), async (poisoned, most) => {
        let next = 0;
        const done: number[] = [];
        const aside: number[] = [];
        await inSlices({
          most,
          work: async (limit) => {
            const slice = Array.from({ length: Math.min(limit, 200 - next) }, (_, n) => next + n);
            if (slice.some((row) => poisoned.includes(row))) throw new Error('a bad row');
            done.push(...slice);
            next += slice.length;
            return slice.length;
          },
          setAside: async () => {
            aside.push(next);
            next += 1;
          },
        });
        expect(aside).toEqual(poisoned.toSorted((a, b) => a - b));
        expect(done.length + aside.length).toBe(200);
      }),
    );
  });

  test('of which every row fails is nobody’s fault but ours: nothing more is set aside', async () => {
    let aside = 0;
    const work = async () => {
      throw new Error('a bug');
    };
    const setAside = async () => {
      aside += 1;
    };
    await expect(inSlices({ most: 50, work, setAside })).rejects.toThrow('a bug');
    expect(aside).toBeLessThanOrEqual(100);
  });

  test('that meets a database in trouble is left as it is', async () => {
    const full = Object.assign(new Error('database or disk is full'), { errcode: 13 });
    const work = async () => {
      throw full;
    };
    const setAside = async () => {
      throw new Error('nothing may be set aside');
    };
    await expect(inSlices({ most: 50, work, setAside })).rejects.toThrow(full);
  });
});
