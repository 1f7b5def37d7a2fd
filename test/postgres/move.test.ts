import { describe, expect, test } from 'vitest';
import { moveTo } from '../../src/app/move.ts';
import { booksOf } from '../../src/store/books.ts';
import { openStore } from '../../src/store/open.ts';
import { addSubscriber, eraseSubscriber, findSubscriber } from '../../src/store/subscribers.ts';
import { claim } from '../../src/store/work.ts';
import { addReaders, addresses, openTestApp } from '../support/app.ts';
import { FROZEN, makeSubscriber } from '../support/makers.ts';
import { newSchema, openSchema, urlOf } from '../support/postgres.ts';
import { planIssue } from '../support/store.ts';

const quiet = () => {};

/** A SQLite installation with readers, one of whom was erased, and an issue. */
async function installation() {
  const app = await openTestApp();
  const { db } = app.store;
  const ids = await addReaders(app, addresses(1205), { name: 'Zoë “Ω” \u{1f41f}' });
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
