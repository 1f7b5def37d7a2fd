import { sql } from 'kysely';
import { anyOf } from '../db/dialect.ts';
import type { Trx } from '../db/schema.ts';
import { addressKey } from '../domain/address.ts';
import { eraseFromHooks } from '../ledger/hook-calls.ts';
import { COMMON, releaseProfiles } from '../ledger/profiles.ts';
import { removeLibrary } from '../papers/library/library-table.ts';

/** Erases everything about a subscriber outside their own row. Deliveries keep only the id, so that the books balance. */
export async function eraseTraces(trx: Trx, id: number): Promise<void> {
  await eraseFromLedger(trx, id);
  await trx.deleteFrom('notices').where('subscriber_id', '=', id).execute();
  await trx.deleteFrom('address_changes').where('subscriber_id', '=', id).execute();
  await trx.deleteFrom('signups').where('asked_by', '=', id).execute();
  await removeLibrary(trx, id);
  await eraseFromHooks(trx, id);
  await eraseFromReturns(trx, id);
  const row = await trx.selectFrom('subscribers').select('email').where('id', '=', id).executeTakeFirst();
  if (row) await eraseAddress(trx, row.email);
}

/** What others wrote about a subscriber's mails goes; that they came back stays a number. */
async function eraseFromReturns(trx: Trx, id: number): Promise<void> {
  const about = trx.updateTable('returns').set({ detail: '' }).where('ref_id', '=', id);
  await about.where('tag_table', '=', 'deliveries').execute();
}

/** Removes the address, the relay's replies and the subscriber's preferences. */
async function eraseFromLedger(trx: Trx, id: number): Promise<void> {
  const own = trx.selectFrom('deliveries').select('profile_id').distinct().where('subscriber_id', '=', id);
  const profiles = await own.where('profile_id', '<>', COMMON).execute();
  await trx
    .updateTable('deliveries')
    .set({
      address: '',
      reply: sql<string>`case when reply = '' then '' else '(erased)' end`,
      profile_id: COMMON,
      // Deliveries with picks are never folded into totals, and this must not change that: keep a placeholder.
      picks: sql<string>`case when picks = '' then '' else '0' end`,
    })
    .where('subscriber_id', '=', id)
    .execute();
  await releaseProfiles(
    trx,
    profiles.map((row) => row.profile_id),
  );
}

/** Removes notices and sign-ups that others caused by entering the address, and relay replies that quote it. */
async function eraseAddress(trx: Trx, email: string): Promise<void> {
  const key = addressKey(email);
  const typed = trx.deleteFrom('notices').where(sql`lower(address)`, '=', key);
  await typed.where('kind', '<>', 'operator').execute();
  await trx.deleteFrom('signups').where(sql`lower(email)`, '=', key).execute();
  const quotes = (column: 'detail' | 'reply') => sql<boolean>`replace(lower(${sql.ref(column)}), ${key}, '')
    <> lower(${sql.ref(column)})`;
  const told = trx.selectFrom('notices').select(['id', 'detail']).where('subscriber_id', '=', 0);
  for (const { id, detail } of await told.where(quotes('detail')).execute())
    await trx
      .updateTable('notices')
      .set({ detail: without(detail, key) })
      .where('id', '=', id)
      .execute();
  await trx.updateTable('rests').set({ reply: '(erased)' }).where(quotes('reply')).execute();
}

function without(text: string, key: string): string {
  const parts: string[] = [];
  let rest = text;
  for (let at = addressKey(rest).indexOf(key); at >= 0; at = addressKey(rest).indexOf(key)) {
    parts.push(rest.slice(0, at), '(erased)');
    rest = rest.slice(at + key.length);
  }
  return parts.join('') + rest;
}

/** Which of the ids have deliveries in the ledger, and so were active subscribers once. */
export async function mailedBefore(trx: Trx, ids: readonly number[]): Promise<Set<number>> {
  const rows = await trx
    .selectFrom('deliveries')
    .select('subscriber_id')
    .distinct()
    .where('subscriber_id', 'in', anyOf(trx, ids))
    .execute();
  return new Set(rows.map((row) => row.subscriber_id));
}
