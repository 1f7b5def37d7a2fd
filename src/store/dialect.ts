import { type Kysely, PostgresAdapter } from 'kysely';
import type { Db, Trx } from './schema.ts';

/** The one place that knows on which engine a query runs; query functions differ only through what is here. */
export function isPostgres(db: Pick<Kysely<never>, 'getExecutor'>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/**
 * Runs something as one transaction, or as a part of the one that `db` is. For every statement that may touch
 * several rows or that reads in order to decide: transactions follow one another on both engines, while on
 * Postgres a bare statement runs beside them.
 */
export async function atomically<Result>(db: Db, work: (trx: Trx) => Promise<Result>): Promise<Result> {
  return db.isTransaction ? work(db as Trx) : db.transaction().execute(work);
}

/**
 * Several readings of one moment, without keeping any writer waiting on Postgres. Nothing may be written.
 */
export async function atOneMoment<Result>(db: Db, read: (trx: Trx) => Promise<Result>): Promise<Result> {
  if (db.isTransaction) return read(db as Trx);
  return db.transaction().setIsolationLevel('repeatable read').execute(read);
}
