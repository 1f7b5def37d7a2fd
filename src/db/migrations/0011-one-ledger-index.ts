import type { Kysely } from 'kysely';

/**
 * One index for the states of deliveries where there were two: each claim and each outcome moves a row in all of them, which
 * was the dearest part of the ledger.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('deliveries_by_state').execute();
  await db.schema.dropIndex('deliveries_by_due').execute();
  await db.schema
    .createIndex('deliveries_by_turn')
    .on('deliveries')
    .columns(['state', 'issue_id', 'due_at', 'subscriber_id'])
    .execute();
}
