import { inTransaction } from '../db/dialect.ts';
import type { Db, Trx } from '../db/schema.ts';
import { storedValue } from '../db/stored.ts';
import type { Instant } from '../domain/time.ts';

/** One event for one address. */
export type HookCall = {
  readonly id: number;
  /** The same at every attempt and for every address. */
  readonly eventId: string;
  readonly url: string;
  readonly body: string;
  readonly attempts: number;
};

/** Queues an event for each address; one that was queued before stays as it is. */
export async function queueHooks(
  trx: Db,
  urls: readonly string[],
  event: { readonly id: string; readonly body: string; readonly subscriberId: number | null },
  now: Instant,
): Promise<void> {
  if (urls.length === 0) return;
  const { id, body, subscriberId } = event;
  const times = { next_at: now, created_at: now };
  const row = { event_id: id, subscriber_id: subscriberId, body, state: 'waiting' as const, ...times };
  await trx
    .insertInto('hook_calls')
    .values(urls.map((url) => ({ ...row, url })))
    .onConflict((conflict) => conflict.columns(['event_id', 'url']).doNothing())
    .execute();
}

/** The addresses that have calls due now. */
export async function waitingAddresses(db: Db, now: Instant): Promise<string[]> {
  const rows = await db
    .selectFrom('hook_calls')
    .select('url')
    .distinct()
    .where('state', '=', 'waiting')
    .where('next_at', '<=', now)
    .execute();
  return rows.map(({ url }) => url);
}

/** The calls that one address is due now, in the order of the events. */
export async function dueHooks(db: Db, url: string, now: Instant, limit: number): Promise<HookCall[]> {
  return db
    .selectFrom('hook_calls')
    .select(['id', 'event_id as eventId', 'url', 'body', 'attempts'])
    .where('state', '=', 'waiting')
    .where('next_at', '<=', now)
    .where('url', '=', url)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Reserves a call for this process until `until`; false when another was faster. */
export async function reserveHookCall(db: Db, { id, attempts }: HookCall, until: Instant): Promise<boolean> {
  const taken = await db
    .updateTable('hook_calls')
    .set({ attempts: attempts + 1, next_at: until })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('attempts', '=', attempts)
    .executeTakeFirst();
  return taken.numUpdatedRows === 1n;
}

/**
 * Records the outcome of an attempt, unless it took so long that another process has started the next one.
 * @param nextAt when a failed call is retried, if it is not given up
 */
export async function settleHook(
  db: Db,
  { id, attempts }: HookCall,
  state: 'waiting' | 'done' | 'given-up',
  reply: string,
  nextAt: Instant,
): Promise<void> {
  const values = { state, reply: reply.slice(0, 200), next_at: nextAt };
  const mine = db.updateTable('hook_calls').set(values).where('id', '=', id);
  await mine
    .where('state', '=', 'waiting')
    .where('attempts', '=', attempts + 1)
    .execute();
}

/** Removes a subscriber's addresses, including earlier ones, from all stored webhook bodies. Their id stays. */
export async function eraseFromHooks(trx: Trx, subscriberId: number): Promise<void> {
  const calls = trx.selectFrom('hook_calls').select(['id', 'body']).where('subscriber_id', '=', subscriberId);
  for (const { id, body } of await calls.execute())
    await trx
      .updateTable('hook_calls')
      .set({ body: withoutAddress(body) })
      .where('id', '=', id)
      .execute();
}

/** A body that cannot be read could hold anything. */
function withoutAddress(body: string): string {
  const event = storedValue(body);
  return event === undefined ? '' : JSON.stringify(event, (name, value) => (name === 'email' ? '' : value));
}

/** Deletes finished calls, because they hold addresses of subscribers. */
export async function forgetHooks(db: Db, before: Instant): Promise<void> {
  await inTransaction(db, async (trx) => {
    const ended = trx.deleteFrom('hook_calls').where('state', '<>', 'waiting');
    await ended.where('created_at', '<', before).execute();
  });
}
