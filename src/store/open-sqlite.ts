import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import type { Connections, Tables } from './schema.ts';
import { sqliteDialect } from './sqlite.ts';

/** A connection that writes, and for pages one that cannot; a database in memory has but one. */
export function openSqlite(path: string): Connections {
  const inMemory = path === ':memory:';
  if (!inMemory) mkdirSync(dirname(path), { recursive: true });
  const db = new Kysely<Tables>({ dialect: sqliteDialect(path, { readOnly: false }) });
  const reader = inMemory ? db : new Kysely<Tables>({ dialect: sqliteDialect(path, { readOnly: true }) });
  return { db, reader };
}
