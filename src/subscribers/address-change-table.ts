import type { Db, Trx } from '../db/schema.ts';
import type { Instant } from '../domain/time.ts';

export type AddressChange = { readonly email: string; readonly askedAt: Instant };

/** Keeps the address that a subscriber wants; a later wish replaces an earlier one. */
export async function askAddressChange(db: Db, id: number, email: string, now: Instant): Promise<void> {
  await db
    .insertInto('address_changes')
    .values({ subscriber_id: id, email, asked_at: now })
    .onConflict((conflict) => conflict.column('subscriber_id').doUpdateSet({ email, asked_at: now }))
    .execute();
}

export async function findAddressChange(db: Db, id: number): Promise<AddressChange | undefined> {
  return db
    .selectFrom('address_changes')
    .select(['email', 'asked_at as askedAt'])
    .where('subscriber_id', '=', id)
    .executeTakeFirst();
}

export async function forgetAddressChange(db: Db, id: number): Promise<void> {
  await db.deleteFrom('address_changes').where('subscriber_id', '=', id).execute();
}

/**
 * Deletes up to `limit` expired address changes and the notices that carried their links.
 * @returns how many were deleted
 */
export async function forgetOldWishes(trx: Trx, askedBefore: Instant, limit: number): Promise<number> {
  const old = trx.selectFrom('address_changes').select('subscriber_id').where('asked_at', '<', askedBefore);
  const rows = await old.limit(limit).execute();
  for (const { subscriber_id: id } of rows) {
    await forgetAddressChange(trx, id);
    await forgetWishMails(trx, id, '');
  }
  return rows.length;
}

/** Deletes notices to new addresses that the subscriber never confirmed, that is, all but those to `proved`. */
export async function forgetWishMails(trx: Trx, id: number, proved: string): Promise<void> {
  await trx
    .deleteFrom('notices')
    .where('subscriber_id', '=', id)
    .where('kind', '=', 'address')
    .where('address', '<>', proved)
    .where('state', '<>', 'sending')
    .execute();
}
