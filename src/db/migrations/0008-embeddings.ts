import type { Kysely } from 'kysely';

/** Embeddings that a service made of papers' texts, and which liked papers arXiv was asked for. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('embeddings')
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('text_key', 'text', (c) => c.notNull())
    .addColumn('vector', 'text', (c) => c.notNull())
    .addColumn('made_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('embeddings_pk', ['model', 'text_key'])
    .execute();
  await db.schema.createIndex('embeddings_by_age').on('embeddings').columns(['made_at']).execute();
  await db.schema
    .createTable('liked_asked')
    .addColumn('arxiv_id', 'text', (c) => c.primaryKey())
    .addColumn('asked_at', 'bigint', (c) => c.notNull())
    .execute();
}
