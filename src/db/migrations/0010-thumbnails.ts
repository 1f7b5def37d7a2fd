import type { Kysely } from 'kysely';

/** Pictures of picks, each under the hash of its bytes; base64, since a row means the same on both engines only as text. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('thumbnails')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('jpeg', 'text', (c) => c.notNull())
    .execute();
}
