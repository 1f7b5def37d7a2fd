import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../domain/time.ts';
import type { DueDelivery } from './deliveries.ts';
import { jsonRows, unindexed } from './dialect.ts';
import type { Db } from './schema.ts';

type Key = { readonly issueId: number; readonly subscriberId: number };

/** Names a delivery in the sets that are given back. */
export function keyOf({ issueId, subscriberId }: Key): string {
  return `${issueId}/${subscriberId}`;
}

/**
 * Claims deliveries, each as `claim` does, in one statement. In one order whoever claims: two that want the same rows
 * would else wait for each other.
 * @returns the keys of those that are the owner's now
 */
export async function claimMany(
  db: Db,
  wanted: readonly DueDelivery[],
  owner: string,
  leaseUntil: Instant,
): Promise<Set<string>> {
  const inOrder = wanted.toSorted((a, b) => a.issueId - b.issueId || a.subscriberId - b.subscriberId);
  const rows = inOrder.map((row) => [row.issueId, row.subscriberId, row.address, row.dueAt]);
  return keys(
    db,
    sql`with v (issue, reader, address, due) as (select cast(value ->> 0 as integer), cast(value ->> 1 as integer),
        value ->> 2, cast(value ->> 3 as bigint) from ${jsonRows(db, rows)})
      update deliveries set state = 'sending', owner = ${owner}, lease_until = ${leaseUntil} from v
      where deliveries.issue_id = v.issue and deliveries.subscriber_id = v.reader and ${unindexed('deliveries.state')} = 'planned'
      and deliveries.address = v.address and deliveries.due_at = v.due
      returning deliveries.issue_id as issue_id, deliveries.subscriber_id as subscriber_id`,
  );
}

/**
 * Writes down deliveries that a server accepted, each as `settle` does, in one statement.
 * @returns the keys of those that were still the owner's
 */
export async function acceptMany(
  db: Db,
  accepted: readonly (Key & { readonly reply: string })[],
  owner: string,
  now: Instant,
): Promise<Set<string>> {
  const rows = accepted.map((row) => [row.issueId, row.subscriberId, row.reply.slice(0, 500)]);
  return keys(
    db,
    sql`with v (issue, reader, reply) as (select cast(value ->> 0 as integer), cast(value ->> 1 as integer),
        value ->> 2 from ${jsonRows(db, rows)})
      update deliveries set state = 'accepted', reason = '', attempts = deliveries.attempts + 1, reply = v.reply,
      owner = '', settled_at = ${now} from v
      where deliveries.issue_id = v.issue and deliveries.subscriber_id = v.reader and ${unindexed('deliveries.state')} = 'sending'
      and deliveries.owner = ${owner}
      returning deliveries.issue_id as issue_id, deliveries.subscriber_id as subscriber_id`,
  );
}

async function keys(db: Db, query: RawBuilder<unknown>): Promise<Set<string>> {
  const { rows } = await (query as RawBuilder<{ issue_id: number; subscriber_id: number }>).execute(db);
  return new Set(rows.map((row) => keyOf({ issueId: row.issue_id, subscriberId: row.subscriber_id })));
}

/**
 * An acceptance that comes when its row was already given up as uncertain: the server has the mail, so nobody sends it
 * again if nobody has begun to.
 */
export async function acceptLate(db: Db, key: Key, reply: string, now: Instant): Promise<boolean> {
  const result = await db
    .updateTable('deliveries')
    .set({ state: 'accepted', reason: '', reply: reply.slice(0, 500), owner: '', settled_at: now })
    .where('issue_id', '=', key.issueId)
    .where('subscriber_id', '=', key.subscriberId)
    .where('state', 'in', ['uncertain', 'planned'])
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
