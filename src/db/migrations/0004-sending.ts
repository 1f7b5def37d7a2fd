import type { Kysely } from 'kysely';

/** What sending remembers: rates, domains that rest, what the operator was told; and the totals of folded issues. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rates')
    .addColumn('per', 'bigint', (c) => c.notNull())
    .addColumn('start', 'bigint', (c) => c.notNull())
    .addColumn('count', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('rates_pk', ['per', 'start'])
    .execute();
  await db.schema
    .createTable('rests')
    .addColumn('route', 'text', (c) => c.notNull())
    .addColumn('domain', 'text', (c) => c.notNull())
    .addColumn('until', 'bigint', (c) => c.notNull())
    .addColumn('reply', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('rests_pk', ['route', 'domain'])
    .execute();
  await db.schema
    .createTable('told')
    .addColumn('topic', 'text', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('folded')
    .addColumn('issue_id', 'integer', (c) => c.notNull().references('issues.id'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('count', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('folded_pk', ['issue_id', 'state'])
    .execute();
  await db.schema
    .createTable('folded_readers')
    .addColumn('issue_id', 'integer', (c) => c.notNull().references('issues.id'))
    .addColumn('first_id', 'integer', (c) => c.notNull())
    .addColumn('readers', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('folded_readers_pk', ['issue_id', 'first_id'])
    .execute();
  // In the order in which deliveries are read, so that a sweep goes on where its last page ended.
  await db.schema.dropIndex('deliveries_by_due').execute();
  await db.schema
    .createIndex('deliveries_by_due')
    .on('deliveries')
    .columns(['state', 'due_at', 'issue_id', 'subscriber_id'])
    .execute();
}
