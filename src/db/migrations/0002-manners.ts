import type { Kysely } from 'kysely';

/** What is remembered between fetches, to be polite to providers, and the signals of papers over time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('addresses')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('etag', 'text', (c) => c.notNull())
    .addColumn('last_modified', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('addresses_pk', ['source', 'url'])
    .execute();
  await db.schema
    .createTable('hosts')
    .addColumn('host', 'text', (c) => c.primaryKey())
    .addColumn('rests_until', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('lanes')
    .addColumn('lane', 'text', (c) => c.primaryKey())
    .addColumn('free_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('signals')
    .addColumn('paper_id', 'text', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'bigint', (c) => c.notNull())
    .addColumn('value', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('signals_pk', ['paper_id', 'source', 'name', 'seen_at'])
    .execute();
  await db.schema.alterTable('source_runs').addColumn('batch_on', 'text').execute();
  await db.schema
    .alterTable('notices')
    .addColumn('detail', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
}
