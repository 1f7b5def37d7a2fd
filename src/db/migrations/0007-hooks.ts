import type { Kysely } from 'kysely';

/** Events that wait to be told to other programs, and what came of the telling. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('hook_calls')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('event_id', 'text', (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('subscriber_id', 'integer')
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('next_at', 'bigint', (c) => c.notNull())
    .addColumn('reply', 'text', (c) => c.notNull().defaultTo(''))
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('hook_calls_once', ['event_id', 'url'])
    .execute();
  await db.schema.createIndex('hook_calls_by_turn').on('hook_calls').columns(['state', 'next_at']).execute();
}
