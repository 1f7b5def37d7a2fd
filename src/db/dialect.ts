import { type Kysely, PostgresAdapter, type RawBuilder, sql } from 'kysely';
import type { Db, Trx } from './schema.ts';

/** The one place that knows on which engine a query runs; query functions differ only through what is here. */
export function isPostgres(db: Pick<Kysely<never>, 'getExecutor'>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/**
 * The elements of a JSON array as rows with one column `value`: many rows in one parameter. Kysely would make an object of
 * each value, and each number of values would be a statement of its own.
 */
export function jsonRows(
  db: Pick<Kysely<never>, 'getExecutor'>,
  rows: readonly unknown[],
): RawBuilder<unknown> {
  return isPostgres(db)
    ? sql`jsonb_array_elements(${JSON.stringify(rows, storable)}::jsonb) as given(value)`
    : sql`json_each(${JSON.stringify(rows)}) as given`;
}

/** Postgres takes neither NUL nor half a character in JSON, and a relay's reply, cut to its length, may end in one. */
function storable(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;
}

/** What stands after `in` to mean any of many ids. */
export function anyOf(db: Pick<Kysely<never>, 'getExecutor'>, ids: readonly number[]): RawBuilder<number> {
  const value = isPostgres(db) ? sql`cast(value as integer)` : sql`value`;
  return sql<number>`(select ${value} from ${jsonRows(db, ids)})`;
}

/**
 * The state of a row, by which no index is used: without statistics SQLite else reads all rows in a state, a million of
 * them, where a few subscribers are asked for.
 */
export function withoutIndex(column: 'deliveries.state' | 'subscribers.state'): RawBuilder<string> {
  return sql<string>`(${sql.ref(column)} || '')`;
}

export async function currentSchema(db: Db): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(db);
  return rows[0]?.name ?? 'public';
}

/** After many rows have come at once: Postgres else goes on for a minute as if they were few, and claims are slow. */
export async function analyzeDeliveries(db: Db): Promise<void> {
  if (isPostgres(db)) await sql`analyze deliveries`.execute(db);
}

/**
 * Runs something as one transaction, or as a part of the one that `db` is. For every statement that may touch
 * several rows or that reads in order to decide: transactions follow one another on both engines, while on
 * Postgres a bare statement runs beside them.
 */
export async function inTransaction<Result>(db: Db, work: (trx: Trx) => Promise<Result>): Promise<Result> {
  return db.isTransaction ? work(db as Trx) : db.transaction().execute(work);
}

/**
 * A transaction of claims and outcomes. On Postgres those of many workers run beside one another, but never beside a
 * transaction that takes its turn: rows that two of these may touch must carry the whole condition.
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
 * Several readings of one moment, without keeping any writer waiting on Postgres. Nothing may be written.
 */
export async function readSnapshot<Result>(db: Db, read: (trx: Trx) => Promise<Result>): Promise<Result> {
  if (db.isTransaction) return read(db as Trx);
  return db.transaction().setIsolationLevel('repeatable read').execute(read);
}
