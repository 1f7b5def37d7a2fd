import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { createCheckpointer } from './checkpoint.ts';
import type { Connections, Tables } from './schema.ts';
import { sqliteDialect } from './sqlite.ts';
import { sqliteThreadDialect } from './sqlite-thread.ts';

/** One connection that writes, and two read-only ones, one of them in a thread; a database in memory has only one. */
export function openSqlite(path: string): Connections {
  if (path === ':memory:') return inMemory(() => opened(path, false));
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const checkpointer = createCheckpointer(path);
  return {
    db: new Kysely<Tables>({
      dialect: sqliteDialect(() => opened(path, false), { readOnly: false, checkpointer }),
    }),
    readOnly: new Kysely<Tables>({ dialect: sqliteDialect(() => opened(path, true), { readOnly: true }) }),
    searches: new Kysely<Tables>({ dialect: sqliteThreadDialect(path) }),
    wipeSoon: () => checkpointer.empty(),
  };
}

/** A database that disappears when it is closed: all its users share one connection. */
export function inMemory(open: () => DatabaseSync): Connections {
  const db = new Kysely<Tables>({ dialect: sqliteDialect(open, { readOnly: false }) });
  return { db, readOnly: db, searches: db };
}

function opened(path: string, readOnly: boolean): DatabaseSync {
  return new DatabaseSync(path, { readOnly, timeout: 0 });
}
