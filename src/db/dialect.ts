import { type Kysely, PostgresAdapter, type RawBuilder, sql } from 'kysely';
import type { Db, Trx } from './schema.ts';

/** The one place that knows on which engine a query runs; query functions differ only through what is here. */
export function isPostgres(db: Pick<Kysely<never>, 'getExecutor'>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/**
 * The elements of a JSON array as rows with one column `value`: many rows in one parameter. Kysely would create an object for
 * each value, and a separate statement for each number of values.
 */
export function jsonRows(
  db: Pick<Kysely<never>, 'getExecutor'>,
  rows: readonly unknown[],
): RawBuilder<unknown> {
  return isPostgres(db)
    ? sql`jsonb_array_elements(${JSON.stringify(rows, storable)}::jsonb) as given(value)`
    : sql`json_each(${JSON.stringify(rows)}) as given`;
}

/** Postgres accepts neither NUL nor half a surrogate pair in JSON, and a truncated relay reply may end in one. */
function storable(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;
}

/** The right side of `in` for many ids. */
export function anyOf(db: Pick<Kysely<never>, 'getExecutor'>, ids: readonly number[]): RawBuilder<number> {
  const value = isPostgres(db) ? sql`cast(value as integer)` : sql`value`;
  return sql<number>`(select ${value} from ${jsonRows(db, ids)})`;
}

/** What stands after `in` to mean any of many texts. */
export function anyTextOf(
  db: Pick<Kysely<never>, 'getExecutor'>,
  texts: readonly string[],
): RawBuilder<string> {
  const value = isPostgres(db) ? sql`value #>> '{}'` : sql`value`;
  return sql<string>`(select ${value} from ${jsonRows(db, texts)})`;
}

/**
 * The state of a row, hidden from the index: without statistics SQLite would read all rows in a state, a million of
 * them, when a few subscribers are wanted.
 */
export function withoutIndex(column: 'deliveries.state' | 'subscribers.state'): RawBuilder<string> {
  return sql<string>`(${sql.ref(column)} || '')`;
}

export async function currentSchema(db: Db): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(db);
  return rows[0]?.name ?? 'public';
}

/** Run after a bulk insert; otherwise Postgres plans with outdated statistics for about a minute, and claims are slow. */
export async function analyzeDeliveries(db: Db): Promise<void> {
  if (isPostgres(db)) await sql`analyze deliveries`.execute(db);
}

/**
 * Runs something as one transaction, or as part of the one that `db` already is. For every statement that may touch
 * several rows, or that reads in order to decide: transactions are serialized on both engines, while on
 * Postgres a bare statement runs beside them.
 */
export async function inTransaction<Result>(db: Db, work: (trx: Trx) => Promise<Result>): Promise<Result> {
  return db.isTransaction ? work(db as Trx) : db.transaction().execute(work);
}

/**
 * A transaction of claims and outcomes. On Postgres those of many workers run concurrently, but never beside a
 * transaction that takes the lock: rows that two of these may touch must carry the whole condition.
 */
export async function sharedTransaction<Result>(
  db: Db,
  work: (trx: Trx) => Promise<Result>,
): Promise<Result> {
  return db.isTransaction
    ? work(db as Trx)
    : db.transaction().setIsolationLevel('read committed').execute(work);
}

/**
 * Several reads of one snapshot, without blocking any writer on Postgres. Nothing may be written.
 */
export async function readSnapshot<Result>(db: Db, read: (trx: Trx) => Promise<Result>): Promise<Result> {
  if (db.isTransaction) return read(db as Trx);
  return db.transaction().setIsolationLevel('repeatable read').execute(read);
}
