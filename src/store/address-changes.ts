import type { Instant } from '../domain/time.ts';
import type { Db } from './schema.ts';

export type AddressChange = { readonly email: string; readonly askedAt: Instant };

/** Keeps the address that a reader wants; a later wish replaces an earlier one. */
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
