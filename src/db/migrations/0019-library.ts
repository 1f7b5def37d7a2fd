import type { Kysely } from 'kysely';

/** Papers of a subscriber's own library, by every id that their entries gave. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('library_papers')
    .addColumn('subscriber_id', 'integer', (c) => c.notNull())
    .addColumn('alias', 'text', (c) => c.notNull())
    .addColumn('entry', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('library_papers_pk', ['subscriber_id', 'alias'])
    .execute();
}
