import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import type { Connections, Tables } from './schema.ts';
import { sqliteDialect } from './sqlite.ts';
import { sqliteThreadDialect } from './sqlite-thread.ts';

/** One connection that writes, and two that cannot, of which one is in a thread; a database in memory has only one. */
export function openSqlite(path: string): Connections {
  const inMemory = path === ':memory:';
  if (!inMemory) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = new Kysely<Tables>({ dialect: sqliteDialect(path, { readOnly: false }) });
  if (inMemory) return { db, reader: db, searches: db };
  const reader = new Kysely<Tables>({ dialect: sqliteDialect(path, { readOnly: true }) });
  const searches = new Kysely<Tables>({ dialect: sqliteThreadDialect(path) });
  return { db, reader, searches };
}
