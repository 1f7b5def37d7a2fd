import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import { createCheckpointer } from './checkpoint.ts';
import type { Connections, Tables } from './schema.ts';
import { sqliteDialect } from './sqlite.ts';

/** A connection that writes, and for pages one that cannot; a database in memory has but one. */
export function openSqlite(path: string): Connections {
  if (path === ':memory:') {
    const db = new Kysely<Tables>({ dialect: sqliteDialect(path, { readOnly: false }) });
    return { db, reader: db };
  }
  mkdirSync(dirname(path), { recursive: true });
  const checkpointer = createCheckpointer(path);
  return {
    db: new Kysely<Tables>({ dialect: sqliteDialect(path, { readOnly: false, checkpointer }) }),
    reader: new Kysely<Tables>({ dialect: sqliteDialect(path, { readOnly: true }) }),
    wipeSoon: () => checkpointer.empty(),
  };
}
