import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openStore, type Store } from '../../src/db/open.ts';
import type { Db, Row, Trx } from '../../src/db/schema.ts';
import type { Day } from '../../src/domain/day.ts';
import type { Issue } from '../../src/domain/issue.ts';
import { freezeIssue, markPlanned } from '../../src/ledger/issues.ts';
import { plan } from '../../src/ledger/plan-rows.ts';
import { addSubscriber, type NewSubscriber } from '../../src/subscribers/subscribers-table.ts';
import { ENGINE } from './engine.ts';
import { FROZEN, makeIssue, makeSubscriber } from './makers.ts';
import { openEmptySchema, openSchema, schemaOf } from './postgres.ts';
import { newMemoryStore } from './sqlite.ts';

/** A new store with the real tables on the engine of this run, closed when the test ends. */
export async function memoryStore(): Promise<Store> {
  return openedForTest(await newStore());
}

/** A new store that the caller closes, for a test that needs many. */
export async function newStore(): Promise<Store> {
  return ENGINE === 'sqlite' ? newMemoryStore() : openEmptySchema();
}

/** Opens a file, or the schema that stands for it on Postgres; the store is closed when the test ends. */
export async function fileStore(path: string): Promise<Store> {
  return openedForTest(
    ENGINE === 'sqlite' ? await openStore(path, FROZEN) : await openSchema(await schemaOf(path)),
  );
}

function openedForTest(store: Store): Store {
  onTestFinished(() => store.close());
  return store;
}

/** A path in a new folder that goes when the test ends. */
export async function newPath(name = 'offprint.db'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'offprint-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, name);
}

/** Adds subscribers named subscriber1@example.org and so on. @returns their ids */
export async function enrollSubscribers(
  db: Db,
  count: number,
  change: Partial<NewSubscriber> = {},
): Promise<number[]> {
  const ids: number[] = [];
  for (let index = 1; index <= count; index += 1) {
    const subscriber = makeSubscriber({ email: `reader${index}@example.org`, ...change });
    ids.push((await addSubscriber(db, subscriber, FROZEN))?.id ?? 0);
  }
  return ids;
}

/** Freezes an issue and gives it to the subscribers, all due at once. @returns its id */
export async function planIssue(
  db: Db,
  subscriberIds: readonly number[],
  change: Partial<Issue> = {},
  dueDay: Day | '' = change.date ?? '2026-08-19',
): Promise<number> {
  const issue = makeIssue(change, [`arxiv:of-${change.date ?? '2026-08-19'}`]);
  return db.transaction().execute(async (trx) => {
    const id = await freezeIssue(trx, issue, subscriberIds.length);
    if (id === undefined) throw new Error(`there is an issue of ${issue.date} already`);
    const planned = subscriberIds.map((subscriberId) => ({
      subscriberId,
      address: `reader${subscriberId}@example.org`,
      dueAt: issue.frozenAt,
      dueDay,
    }));
    await plan(trx, id, planned);
    await markPlanned(trx, id, issue.frozenAt);
    return id;
  });
}

export async function deliveryOf(db: Db, issueId: number, subscriberId: number): Promise<Row<'deliveries'>> {
  return db
    .selectFrom('deliveries')
    .selectAll()
    .where('issue_id', '=', issueId)
    .where('subscriber_id', '=', subscriberId)
    .executeTakeFirstOrThrow();
}

/** The states of an issue's deliveries in the order of the subscribers' ids. */
export async function statesOf(db: Db, issueId: number): Promise<string[]> {
  const query = db.selectFrom('deliveries').select('state').where('issue_id', '=', issueId);
  return (await query.orderBy('subscriber_id').execute()).map((row) => row.state);
}

/** Every delivery of an issue is in that state from now on. */
export async function put(
  db: Db,
  issueId: number,
  state: 'sending' | 'accepted' | 'deferred' | 'uncertain' | 'failed',
): Promise<void> {
  await db.updateTable('deliveries').set({ state }).where('issue_id', '=', issueId).execute();
}

export function within<Result>(db: Db, use: (trx: Trx) => Promise<Result>): Promise<Result> {
  return db.transaction().execute(use);
}
