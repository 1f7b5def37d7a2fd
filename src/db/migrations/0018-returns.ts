import type { Kysely } from 'kysely';

/** What comes back: bounces, complaints and unsubscribe mails, and how far each mailbox was read. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('returns')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('class', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('code', 'integer', (c) => c.notNull())
    .addColumn('tag_table', 'text', (c) => c.notNull())
    .addColumn('issue_id', 'integer', (c) => c.notNull())
    .addColumn('ref_id', 'integer', (c) => c.notNull())
    .addColumn('effect', 'text', (c) => c.notNull())
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('happened_at', 'bigint', (c) => c.notNull())
    .addColumn('taken_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('returns_once', ['source', 'key'])
    .execute();
  await db.schema
    .createIndex('returns_by_issue')
    .on('returns')
    .columns(['issue_id', 'kind', 'ref_id'])
    .execute();
  await db.schema
    .createIndex('returns_by_effect')
    .on('returns')
    .columns(['effect', 'issue_id', 'ref_id'])
    .execute();
  await db.schema.createIndex('returns_by_time').on('returns').column('taken_at').execute();
  await db.schema
    .createTable('mailbox_marks')
    .addColumn('folder', 'text', (c) => c.primaryKey())
    .addColumn('uid_validity', 'bigint', (c) => c.notNull())
    .addColumn('uid', 'bigint', (c) => c.notNull())
    .execute();
  await addMoment(db, 'deliveries', 'bounced_at');
  await db.schema
    .alterTable('deliveries')
    .addColumn('bounce_class', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  await addMoment(db, 'issues', 'released_at');
}

async function addMoment(db: Kysely<unknown>, table: string, column: string): Promise<void> {
  await db.schema
    .alterTable(table)
    .addColumn(column, 'bigint', (c) => c.notNull().defaultTo(0))
    .execute();
}
