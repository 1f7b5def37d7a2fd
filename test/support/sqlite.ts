import { DatabaseSync } from 'node:sqlite';
import { prepare, type Store } from '../../src/db/open.ts';
import { inMemory } from '../../src/db/open-sqlite.ts';
import { FROZEN } from './makers.ts';

let migrated: Promise<Uint8Array> | undefined;

/** A new database in memory. Its tables are made once for all: the migrations take fifty times as long as a copy. */
export async function newMemoryStore(): Promise<Store> {
  const image = await migratedImage();
  const connections = inMemory(() => {
    const database = new DatabaseSync(':memory:', { timeout: 0 });
    database.deserialize(image);
    return database;
  });
  return prepare(connections, FROZEN);
}

/** The bytes of a file with all tables and no rows. */
export function migratedImage(): Promise<Uint8Array> {
  migrated ??= makeImage();
  return migrated;
}

async function makeImage(): Promise<Uint8Array> {
  const database = new DatabaseSync(':memory:', { timeout: 0 });
  const store = await prepare(
    inMemory(() => database),
    FROZEN,
  );
  const image = database.serialize();
  await store.close();
  return image;
}
