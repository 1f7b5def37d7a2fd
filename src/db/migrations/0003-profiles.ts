import type { Kysely } from 'kysely';

/** What an issue chose from, what a reader wants of it, and which papers they got when those are their own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('profiles')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('key', 'text', (c) => c.notNull().unique())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('candidates')
    .addColumn('issue_id', 'integer', (c) => c.notNull().references('issues.id'))
    .addColumn('place', 'integer', (c) => c.notNull())
    .addColumn('aliases', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('candidates_pk', ['issue_id', 'place'])
    .execute();
  await db.schema.createIndex('entries_by_key').on('entries').columns(['key']).execute();
  await db.schema
    .alterTable('deliveries')
    .addColumn('profile_id', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('deliveries')
    .addColumn('picks', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
}
