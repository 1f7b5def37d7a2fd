import { sql } from 'kysely';
import { SECOND } from '../domain/time.ts';
import { postgresDialect, queriesOn } from './postgres.ts';
import type { Connections } from './schema.ts';

/** Background work waits for a restart of the server; a page fails sooner. */
const WORK_PATIENCE = 120 * SECOND;
const PAGE_PATIENCE = 3 * SECOND;

const START_PATIENCE = 15 * SECOND;

/** The server ends a search that takes longer. */
const SEARCH_LIMIT = 3 * SECOND;

/** Connections open when they are first used and close when they have been idle for 10 s. */
export async function openPostgres(url: string): Promise<Connections> {
  await reach(url);
  const work = { readOnly: false, connections: 10, patienceMs: WORK_PATIENCE };
  const pages = { readOnly: true, connections: 4, patienceMs: PAGE_PATIENCE };
  const searches = { ...pages, connections: 2, statementLimitMs: SEARCH_LIMIT };
  return {
    db: queriesOn(postgresDialect(url, work)),
    readOnly: queriesOn(postgresDialect(url, pages)),
    searches: queriesOn(postgresDialect(url, searches)),
  };
}

/** A wrong address is reported soon, but a server that starts at the same time as the program is waited for. */
async function reach(url: string): Promise<void> {
  const probe = { readOnly: true, connections: 1, patienceMs: START_PATIENCE };
  const db = queriesOn(postgresDialect(url, probe));
  try {
    await sql`select 1`.execute(db);
  } finally {
    await db.destroy();
  }
}
