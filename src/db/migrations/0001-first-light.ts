import type { Kysely } from 'kysely';

/** Everything the first version keeps. Never edited after a release: a change is a new migration. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await readers(db);
  await feeds(db);
  await issues(db);
  await ledger(db);
}

async function readers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('secrets')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('value', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('subscribers')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('email', 'text', (c) => c.notNull())
    .addColumn('email_key', 'text', (c) => c.notNull().unique())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('timezone', 'text', (c) => c.notNull())
    .addColumn('deliver_at', 'text', (c) => c.notNull())
    .addColumn('days', 'integer', (c) => c.notNull())
    .addColumn('topics', 'text', (c) => c.notNull())
    .addColumn('consent', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('state_at', 'bigint', (c) => c.notNull())
    .execute();
}

async function feeds(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('entries')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('listed_on', 'text')
    .addColumn('first_seen_at', 'bigint', (c) => c.notNull())
    .addColumn('last_seen_at', 'bigint', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('entries_pk', ['source', 'key'])
    .execute();
  await db.schema
    .createIndex('entries_by_day')
    .on('entries')
    .columns(['listed_on', 'first_seen_at'])
    .execute();
  await db.schema
    .createTable('source_runs')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('items', 'integer', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('bytes', 'bigint', (c) => c.notNull())
    .addColumn('duration_ms', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('source_runs_by_source').on('source_runs').columns(['source', 'id']).execute();
}

async function issues(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('issues')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('date', 'text', (c) => c.notNull())
    .addColumn('number', 'integer')
    .addColumn('sample', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('frozen_at', 'bigint', (c) => c.notNull())
    .addColumn('body', 'text')
    .addColumn('audience', 'integer', (c) => c.notNull())
    .addColumn('joined', 'integer', (c) => c.notNull())
    .addColumn('planned_at', 'bigint')
    .addUniqueConstraint('issues_one_a_day', ['kind', 'date', 'sample'])
    .execute();
  await db.schema
    .createTable('issue_papers')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('paper_id', 'text', (c) => c.notNull())
    .addColumn('issue_id', 'integer', (c) => c.notNull().references('issues.id'))
    .addPrimaryKeyConstraint('issue_papers_pk', ['kind', 'paper_id'])
    .execute();
}

async function ledger(db: Kysely<unknown>): Promise<void> {
  const work = (table: 'deliveries' | 'notices') =>
    db.schema
      .createTable(table)
      .addColumn('subscriber_id', 'integer', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull().defaultTo(''))
      .addColumn('next_at', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('owner', 'text', (c) => c.notNull().defaultTo(''))
      .addColumn('lease_until', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('lost', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('reply', 'text', (c) => c.notNull().defaultTo(''))
      .addColumn('settled_at', 'bigint', (c) => c.notNull().defaultTo(0));
  await work('deliveries')
    .addColumn('issue_id', 'integer', (c) => c.notNull().references('issues.id'))
    .addColumn('due_at', 'bigint', (c) => c.notNull())
    .addColumn('due_day', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('deliveries_pk', ['issue_id', 'subscriber_id'])
    .execute();
  await db.schema
    .createIndex('deliveries_by_state')
    .on('deliveries')
    .columns(['issue_id', 'state', 'due_at'])
    .execute();
  await db.schema.createIndex('deliveries_by_due').on('deliveries').columns(['state', 'due_at']).execute();
  await db.schema
    .createIndex('deliveries_by_reader')
    .on('deliveries')
    .columns(['subscriber_id', 'due_day'])
    .execute();
  await work('notices')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('notices_by_state').on('notices').columns(['state', 'next_at']).execute();
  await db.schema
    .createIndex('notices_by_reader')
    .on('notices')
    .columns(['subscriber_id', 'created_at'])
    .execute();
}
