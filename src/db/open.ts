import { isPostgresUrl, withoutPassword } from '../domain/database-url.ts';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/time.ts';
import { migrate } from './migrate.ts';
import { openSqlite } from './open-sqlite.ts';
import type { Connections } from './schema.ts';

export type Store = Required<Connections> & {
  /** The migrations that were applied when it was opened. */
  readonly migrated: readonly string[];
  close(): Promise<void>;
};

/**
 * Opens the database and upgrades it; a SQLite file and its folder are created if needed.
 * @param url a file, `:memory:` for one that lives as long as the store, or `postgres://…`
 * @throws Fault DATABASE_NEWER, DATABASE_UNREADABLE
 */
export async function openStore(url: string, now: Instant): Promise<Store> {
  let opened: Connections | undefined;
  try {
    opened = isPostgresUrl(url) ? await openServer(url) : openSqlite(url);
    return await prepare(opened, now);
  } catch (error) {
    if (opened) await closeAll(opened);
    throw error instanceof Fault ? error : unreadable(url, error);
  }
}

/** Loaded on demand: most installations have no Postgres server. */
async function openServer(url: string): Promise<Connections> {
  const { openPostgres } = await import('./open-postgres.ts');
  return openPostgres(url);
}

/** Brings opened connections up to date. */
export async function prepare(opened: Connections, now: Instant): Promise<Store> {
  const migrated = await migrate(opened.db, now);
  return { wipeSoon: async () => {}, ...opened, migrated, close: () => closeAll(opened) };
}

function unreadable(url: string, cause: unknown): Fault {
  const why =
    cause instanceof Error ? cause.message || String((cause as { code?: string }).code) : String(cause);
  const next = isPostgresUrl(url)
    ? 'Check that DATABASE_URL is right, that the server runs, and that its user may create tables.'
    : 'Check that DATABASE_URL names a SQLite file that this user may write.';
  return new Fault(
    'DATABASE_UNREADABLE',
    `The database ${withoutPassword(url)} could not be opened: ${why}.`,
    next,
    { cause },
  );
}

async function closeAll({ db, readOnly, searches }: Connections): Promise<void> {
  for (const connection of new Set([searches, readOnly, db])) await connection.destroy();
}
