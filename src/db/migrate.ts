import { type Kysely, sql } from 'kysely';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/time.ts';
import * as firstLight from './migrations/0001-first-light.ts';
import * as manners from './migrations/0002-manners.ts';
import * as profiles from './migrations/0003-profiles.ts';
import * as sending from './migrations/0004-sending.ts';
import * as readers from './migrations/0005-readers.ts';
import * as papers from './migrations/0006-papers.ts';
import * as hooks from './migrations/0007-hooks.ts';
import * as embeddings from './migrations/0008-embeddings.ts';
import * as language from './migrations/0009-language.ts';
import * as thumbnails from './migrations/0010-thumbnails.ts';
import * as oneLedgerIndex from './migrations/0011-one-ledger-index.ts';
import * as safety from './migrations/0012-safety.ts';
import * as consent from './migrations/0013-consent.ts';
import * as entriesByFirstSight from './migrations/0014-entries-by-first-sight.ts';
import * as leanIssues from './migrations/0015-lean-issues.ts';
import * as undatedBacklog from './migrations/0016-undated-backlog.ts';
import * as archiveLines from './migrations/0017-archive-lines.ts';
import * as returns from './migrations/0018-returns.ts';
import * as library from './migrations/0019-library.ts';
import type { Db } from './schema.ts';

type Migration = { readonly name: string; readonly up: (db: Kysely<unknown>) => Promise<void> };

/** In order; a migration's version is its place, from 1. Append only. */
export const MIGRATIONS: readonly Migration[] = [
  { name: 'first-light', up: firstLight.up },
  { name: 'manners', up: manners.up },
  { name: 'profiles', up: profiles.up },
  { name: 'sending', up: sending.up },
  { name: 'readers', up: readers.up },
  { name: 'papers', up: papers.up },
  { name: 'hooks', up: hooks.up },
  { name: 'embeddings', up: embeddings.up },
  { name: 'language', up: language.up },
  { name: 'thumbnails', up: thumbnails.up },
  { name: 'one-ledger-index', up: oneLedgerIndex.up },
  { name: 'safety', up: safety.up },
  { name: 'consent', up: consent.up },
  { name: 'entries-by-first-sight', up: entriesByFirstSight.up },
  { name: 'lean-issues', up: leanIssues.up },
  { name: 'undated-backlog', up: undatedBacklog.up },
  { name: 'archive-lines', up: archiveLines.up },
  { name: 'returns', up: returns.up },
  { name: 'library', up: library.up },
];

/**
 * Upgrades the tables to this program's version, in one transaction that other processes wait for.
 * @returns the names of the migrations that were applied now
 * @throws Fault DATABASE_NEWER when a newer program has upgraded the database
 */
export async function migrate(db: Db, now: Instant, migrations = MIGRATIONS): Promise<string[]> {
  return db.transaction().execute(async (trx) => {
    await sql`create table if not exists migrations (version integer primary key, name text not null, applied_at bigint not null)`.execute(
      trx,
    );
    const found = await trx
      .selectFrom('migrations')
      .select((e) => e.fn.max('version').as('version'))
      .executeTakeFirst();
    const version = found?.version ?? 0;
    if (version > migrations.length) throw newer(version, migrations.length);
    const pending = migrations.slice(version);
    for (const [index, migration] of pending.entries()) {
      await migration.up(trx as unknown as Kysely<unknown>);
      await trx
        .insertInto('migrations')
        .values({ version: version + index + 1, name: migration.name, applied_at: now })
        .execute();
    }
    return pending.map((migration) => migration.name);
  });
}

function newer(found: number, known: number): Fault {
  return new Fault(
    'DATABASE_NEWER',
    `The database is at version ${found}; this program knows versions up to ${known}.`,
    'Run the newer Offprint that last used this database, or restore a backup from before the upgrade.',
  );
}
