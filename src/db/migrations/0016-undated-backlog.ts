import type { Kysely } from 'kysely';

/** What an undated source had already when it was first read is kept, and is no news. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('entries')
    .addColumn('backlog', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
