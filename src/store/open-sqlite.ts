import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import { createCheckpointer } from './checkpoint.ts';
import type { Connections, Tables } from './schema.ts';
import { sqliteDialect } from './sqlite.ts';
import { sqliteThreadDialect } from './sqlite-thread.ts';

/** One connection that writes, and two that cannot, of which one is in a thread; a database in memory has only one. */
export function openSqlite(path: string): Connections {
  if (path === ':memory:') {
    const db = new Kysely<Tables>({ dialect: sqliteDialect(path, { readOnly: false }) });
    return { db, reader: db, searches: db };
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const checkpointer = createCheckpointer(path);
  return {
    db: new Kysely<Tables>({ dialect: sqliteDialect(path, { readOnly: false, checkpointer }) }),
    reader: new Kysely<Tables>({ dialect: sqliteDialect(path, { readOnly: true }) }),
    searches: new Kysely<Tables>({ dialect: sqliteThreadDialect(path) }),
    wipeSoon: () => checkpointer.empty(),
  };
}
