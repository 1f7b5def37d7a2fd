import type { Kysely } from 'kysely';

/** What readers choose beyond the hour, what protects the sign-up, and addresses that wait to be proved. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await subscribers(db);
  await db.schema
    .createTable('signups')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('email', 'text', (c) => c.notNull())
    .addColumn('asked_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('limits')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('log', 'text', (c) => c.notNull())
    .addColumn('ends_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('limits_by_end').on('limits').columns(['ends_at']).execute();
  await db.schema
    .createTable('address_changes')
    .addColumn('subscriber_id', 'integer', (c) => c.primaryKey())
    .addColumn('email', 'text', (c) => c.notNull())
    .addColumn('asked_at', 'bigint', (c) => c.notNull())
    .execute();
}

async function subscribers(db: Kysely<unknown>): Promise<void> {
  const add = (name: string, type: 'integer' | 'bigint') =>
    db.schema
      .alterTable('subscribers')
      .addColumn(name, type, (c) => c.notNull().defaultTo(0))
      .execute();
  await db.schema.alterTable('subscribers').addColumn('picks', 'integer').execute();
  await add('paused_until', 'bigint');
  await add('token_version', 'integer');
  await db.schema
    .createIndex('subscribers_by_state')
    .on('subscribers')
    .columns(['state', 'state_at'])
    .execute();
}
