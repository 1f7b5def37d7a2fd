import { type Kysely, sql } from 'kysely';

/**
 * Stores what links depend on: when a reader unsubscribed, the token version a notice was made for, and who asked for a new
 * address. The indexes find what erasing has to remove.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await addNumber(db, 'subscribers', 'left_at', 'bigint');
  await rememberWhoLeft(db);
  await addNumber(db, 'signups', 'asked_by', 'integer');
  await db.schema
    .alterTable('signups')
    .addColumn('may_mail', 'integer', (c) => c.notNull().defaultTo(1))
    .execute();
  await addNumber(db, 'notices', 'token_version', 'integer');
  await addNumber(db, 'notices', 'left_at', 'bigint');
  await sql`update notices set token_version = coalesce(
    (select token_version from subscribers where subscribers.id = notices.subscriber_id), 0)`.execute(db);
  await sql`delete from notices where kind = 'address' and state in ('accepted', 'failed', 'expired', 'suppressed')
    and not exists (select 1 from subscribers where subscribers.id = notices.subscriber_id
      and lower(subscribers.email) = lower(notices.address))`.execute(db);
  await db.schema.createIndex('notices_by_address').on('notices').expression(sql`lower(address)`).execute();
  // Only deliveries with personal picks are in this index, and sending never changes the column.
  await db.schema
    .createIndex('deliveries_by_profile')
    .on('deliveries')
    .columns(['profile_id'])
    .where(sql.ref('profile_id'), '<>', 0)
    .execute();
  await sql`delete from profiles where not exists
    (select 1 from deliveries where deliveries.profile_id = profiles.id and deliveries.profile_id <> 0)`.execute(
    db,
  );
}

/** Before, a sign-up made an unsubscribed reader `pending` again. Anybody who has been a reader before becomes unsubscribed. */
async function rememberWhoLeft(db: Kysely<unknown>): Promise<void> {
  await sql`update subscribers set state = 'unsubscribed' where state = 'pending' and (consent <> 'form'
    or state_at - created_at > 604800000
    or exists (select 1 from deliveries where deliveries.subscriber_id = subscribers.id))`.execute(db);
  await sql`update subscribers set left_at = state_at where state in ('unsubscribed', 'suppressed')`.execute(
    db,
  );
}

async function addNumber(
  db: Kysely<unknown>,
  table: string,
  column: string,
  type: 'integer' | 'bigint',
): Promise<void> {
  await db.schema
    .alterTable(table)
    .addColumn(column, type, (c) => c.notNull().defaultTo(0))
    .execute();
}
