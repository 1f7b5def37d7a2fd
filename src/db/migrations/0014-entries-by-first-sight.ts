import type { Kysely } from 'kysely';

/** How much that is new a source has brought today is counted at each reading. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('entries_by_first_sight')
    .on('entries')
    .columns(['source', 'first_seen_at'])
    .execute();
}
