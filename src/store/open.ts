import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/time.ts';
import { migrate } from './migrate.ts';
import type { Db, Tables } from './schema.ts';
import { sqliteDialect } from './sqlite.ts';

export type Store = {
  /** The one connection that writes. */
  readonly db: Db;
  /** For pages: a connection of its own that cannot write. */
  readonly reader: Db;
  /** Names of the migrations that opening has applied. */
  readonly migrated: readonly string[];
  close(): Promise<void>;
};

/**
 * Opens the SQLite file, making it and its folder if need be, and brings it up to date.
 * @param path a file, or `:memory:` for one that lives as long as the store
 * @throws Fault DATABASE_NEWER, DATABASE_UNREADABLE
 */
export async function openStore(path: string, now: Instant): Promise<Store> {
  const inMemory = path === ':memory:';
  const db = new Kysely<Tables>({ dialect: sqliteDialect(path, { readOnly: false }) });
  try {
    if (!inMemory) mkdirSync(dirname(path), { recursive: true });
    const migrated = await migrate(db, now);
    const reader = inMemory ? db : new Kysely<Tables>({ dialect: sqliteDialect(path, { readOnly: true }) });
    return { db, reader, migrated, close: () => closeAll(db, reader) };
  } catch (error) {
    await db.destroy();
    if (error instanceof Fault) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault(
      'DATABASE_UNREADABLE',
      `The database ${path} could not be opened: ${why}.`,
      'Check that DATABASE_URL names a SQLite file that this user may write.',
      { cause: error },
    );
  }
}

async function closeAll(db: Db, reader: Db): Promise<void> {
  if (reader !== db) await reader.destroy();
  await db.destroy();
}
