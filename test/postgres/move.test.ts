import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import type { Db } from '../../src/db/schema.ts';
import { parsePaperQuery } from '../../src/domain/paper-query.ts';
import { DAY } from '../../src/domain/time.ts';
import { booksOf } from '../../src/ledger/books.ts';
import { claim } from '../../src/ledger/claims.ts';
import { dueHooks } from '../../src/ledger/hook-calls.ts';
import { searchPapers } from '../../src/papers/search.ts';
import { moveTo } from '../../src/runtime/migrate-to-postgres.ts';
import { countRequest } from '../../src/subscribers/sign-up-limits.ts';
import { queueSignUp } from '../../src/subscribers/sign-up-table.ts';
import { addSubscriber, eraseSubscriber, findSubscriber } from '../../src/subscribers/subscribers-table.ts';
import { addresses, enrollSubscribers, openTestApp, tempFolder } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { FROZEN, makeSubscriber } from '../support/makers.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';
import { newSchema, openSchema, schemaOf, urlOf } from '../support/postgres.ts';
import { planIssue } from '../support/store.ts';

const quiet = () => {};

/** A SQLite installation with subscribers, one of whom was erased, and an issue. */
async function installation() {
  const app = await openTestApp();
  const { db } = app.store;
  const ids = await enrollSubscribers(app, addresses(1205), { name: 'Zoë “Ω” \u{1f41f}' });
  const issueId = await planIssue(db, ids.slice(0, 700));
  await addSubscriber(db, makeSubscriber({ email: 'nul@example.org', name: 'a\0b' }), FROZEN);
  const last = await addSubscriber(db, makeSubscriber({ email: 'gone@example.org' }), FROZEN);
  await db.transaction().execute((trx) => eraseSubscriber(trx, last?.id ?? 0));
  return { app, issueId, ids, erased: last?.id ?? 0, target: urlOf(await newSchema()) };
}

describe('moving from SQLite to Postgres', () => {
  test('brings every row, goes on counting, and leaves the file as it was', async () => {
    const { app, issueId, ids, erased, target } = await installation();
    await using _ = app;
    const before = await booksOf(app.store.db, issueId);
    const report = await moveTo(app, target, quiet);
    expect(report.find((row) => row.table === 'subscribers')).toMatchObject({ rows: 1206 });
    expect(report.find((row) => row.table === 'deliveries')).toMatchObject({ rows: 700 });
    const moved = await openStore(target, FROZEN);
    try {
      expect(await booksOf(moved.db, issueId)).toEqual(before);
      expect(await findSubscriber(moved.db, ids[0] ?? 0)).toEqual(
        await findSubscriber(app.store.db, ids[0] ?? 0),
      );
      const next = await addSubscriber(moved.db, makeSubscriber({ email: 'next@example.org' }), FROZEN);
      expect(next?.id).toBe(erased + 1);
      expect(await booksOf(app.store.db, issueId)).toEqual(before);
    } finally {
      await moved.close();
    }
  });

  test('is refused by a database that holds anything, and changes nothing there', async () => {
    const { app, target } = await installation();
    await using _ = app;
    await moveTo(app, target, quiet);
    await expect(moveTo(app, target, quiet)).rejects.toMatchObject({ code: 'TARGET_NOT_EMPTY' });
  });

  test('leaves nothing behind when it fails half-way', async () => {
    const { app } = await installation();
    await using _ = app;
    const schema = await newSchema();
    const fail = (table: string) => {
      if (table === 'subscribers') throw new Error('the cable was pulled');
    };
    await expect(moveTo(app, urlOf(schema), fail)).rejects.toThrow('the cable was pulled');
    const { db, close } = await openSchema(schema);
    for (const table of ['issues', 'deliveries', 'subscribers', 'secrets'] as const)
      expect(await db.selectFrom(table).selectAll().execute()).toEqual([]);
    await close();
    expect(await moveTo(app, urlOf(schema), quiet)).not.toEqual([]);
  });

  test('is refused while mails are on the wire', async () => {
    const { app, issueId, ids, target } = await installation();
    await using _ = app;
    await claim(app.store.db, { table: 'deliveries', issueId, subscriberId: ids[0] ?? 0 }, 'x', FROZEN);
    await expect(moveTo(app, target, quiet)).rejects.toMatchObject({ code: 'STILL_SENDING' });
  });

  test('goes from a file to a Postgres and nowhere else', async () => {
    const { app } = await installation();
    await using _ = app;
    await expect(moveTo(app, 'other.db', quiet)).rejects.toMatchObject({ code: 'USAGE' });
  });
});

/** What a room holds that is more than subscribers and issues. */
async function lively(settings: Record<string, string>) {
  const room = await openNewsroom({
    ...settings,
    WEBHOOK_URLS: 'https://hooks.example.org/offprint',
    WEBHOOK_SECRET: 'made up, and long enough for a secret',
  });
  await enrollSubscribers(room.app, addresses(3));
  await enrollSubscribers(room.app, ['own@example.org'], { topics: ['part 2608.18003'] });
  await runOnce(room.app);
  const { db } = room.app.store;
  await queueSignUp(db, 'new@example.org', [], room.app.clock());
  const limit = { key: 'signup:total', count: 1, per: DAY };
  await db.transaction().execute((trx) => countRequest(trx, [limit], room.app.clock()));
  return { ...room, limit };
}

const FOUND = { order: 'best', limit: 10, offset: 0 } as const;

test('a newsroom moves with its library, wishes, candidates and queues, and goes on where it is', async () => {
  using folder = tempFolder();
  const file = join(folder.path, 'offprint.db');
  writeFileSync(file, '');
  await using room = await lively({ DATABASE_URL: file });
  const { app, relay, feeds, limit } = room;
  const there = `moved-${crypto.randomUUID()}`;
  const report = await moveTo(app, urlOf(await schemaOf(there)), quiet);
  const empty = report.filter(({ rows }) => rows === 0).map(({ table }) => table);
  const all = await sql<{ name: string }>`select name from sqlite_schema where type = 'table'`.execute(
    app.store.db,
  );
  // The index of words is made by the other engine.
  const own = all.rows
    .map(({ name }) => name)
    .filter((name) => !/^(migrations$|sqlite_|papers_fts)/.test(name));
  expect(report.map(({ table }) => table).toSorted()).toEqual(own.toSorted());
  for (const table of [
    'profiles',
    'candidates',
    'papers',
    'paper_aliases',
    'signups',
    'hook_calls',
    'limits',
  ])
    expect(empty).not.toContain(table);

  await using moved = await openTestApp({ ...room.settings, DATABASE_URL: there });
  const query = parsePaperQuery('"part 2608.18007"');
  const before = await searchPapers(app.store.db, query, FOUND);
  expect(before.total).toBe(1);
  expect((await searchPapers(moved.store.db, query, FOUND)).found.map(({ paper }) => paper)).toEqual(
    before.found.map(({ paper }) => paper),
  );
  const { db } = moved.store;
  expect((await db.transaction().execute((trx) => countRequest(trx, [limit], moved.clock()))).ok).toBe(false);
  const due = (of: Db) => dueHooks(of, 'https://hooks.example.org/offprint', moved.clock(), 9);
  expect(await due(db)).toEqual(await due(app.store.db));

  feeds.state.days['2026-08-19'] = listedDay('2026-08-19', 12);
  moved.time.advance(DAY);
  const { issue } = await runOnce(moved);
  expect(issue.issue?.number).toBe(2);
  const counts = Map.groupBy(relay.mails, ({ to }) => to);
  const mails = Object.fromEntries([...counts].map(([to, list]) => [to, list.length]));
  const twice = Object.fromEntries([...addresses(3), 'own@example.org'].map((to) => [to, 2]));
  expect(mails).toEqual({ ...twice, 'new@example.org': 1 });
  expect(await wrongBooks(moved)).toEqual([]);
});
