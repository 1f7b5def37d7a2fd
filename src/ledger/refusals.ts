import { type SqlBool, sql } from 'kysely';
import { withoutIndex } from '../db/dialect.ts';
import type { Db } from '../db/schema.ts';
import type { DeliveryState, FailureClass } from '../domain/delivery.ts';
import { giveWay } from '../domain/slices.ts';
import type { Instant } from '../domain/time.ts';
import { HELD, isWork, type WorkKey, workRows } from './claims.ts';

/** A delivery whose refusal took its subscriber off the list, or would if it were not held. */
export type Refusal = {
  readonly issueId: number;
  readonly subscriberId: number;
  readonly address: string;
  readonly reply: string;
  /** The class of the failure where the mail had been accepted before. */
  readonly bounceClass: FailureClass | 'delivered' | '';
};

/**
 * Undoes a recorded refusal that is in doubt: the row is retried as if it had never been tried.
 * @returns whether the row had failed
 */
export async function takeBack(db: Db, key: WorkKey, until: Instant, now: Instant): Promise<boolean> {
  const result = await workRows(db, key.table)
    .set((e) => ({
      state: 'deferred',
      reason: HELD,
      next_at: until,
      settled_at: now,
      attempts: sql<number>`case when ${e.ref('attempts')} > 0 then ${e.ref('attempts')} - 1 else 0 end`,
    }))
    .where(isWork(key))
    .where('state', '=', 'failed')
    // What came back had been accepted: it was sent, and is not sent again.
    .$if(key.table === 'deliveries', (query) => query.where(sql<SqlBool>`bounced_at = 0`))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** How many subscribers of a domain were taken off the list since a moment. */
export async function countSuppressed(db: Db, domain: string, since: Instant): Promise<number> {
  const row = await db
    .selectFrom('subscribers')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('state', '=', 'suppressed')
    .where('state_at', '>=', since)
    .where(isOfDomain(domain, 'email'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/**
 * The refusals of an issue that took subscribers off the list, of one domain or of all, in slices by the subscribers' ids.
 */
export async function suppressing(
  db: Db,
  issueId: number,
  { domain, after, limit }: { domain?: string | undefined; after: number; limit: number },
): Promise<Refusal[]> {
  return db
    .selectFrom('deliveries')
    .innerJoin('subscribers', 'subscribers.id', 'deliveries.subscriber_id')
    .select([
      'issue_id as issueId',
      'subscriber_id as subscriberId',
      'address',
      'reply',
      'bounce_class as bounceClass',
    ])
    .where('issue_id', '=', issueId)
    .where('deliveries.state', '=', 'failed')
    .where('bounced_at', '=', 0)
    .where(withoutIndex('subscribers.state'), '=', 'suppressed')
    .where('subscriber_id', '>', after)
    .$if(domain !== undefined, (query) => query.where(isOfDomain(domain ?? '')))
    .orderBy('subscriber_id')
    .limit(limit)
    .execute();
}

/** Rows that are read at a time: a whole list may have been refused, and pages are answered in between. */
const SLICE = 2000;

/** How many of an issue's subscribers a refusal of it took off the list, or would if it were not held, by their domains. */
export async function goingByDomain(db: Db, issueId: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const count = (address: string) => {
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    counts.set(domain, (counts.get(domain) ?? 0) + 1);
  };
  for (const { address } of await heldUnsent(db, issueId)) count(address);
  for (let last: Turn | undefined = { dueAt: -1, subscriberId: -1 }; last !== undefined; ) {
    const slice = await failedAfter(db, issueId, last);
    for (const { address, reason, state } of slice)
      if (state === 'suppressed' || reason === HELD) count(address);
    last = slice.length < SLICE ? undefined : slice.at(-1);
    if (last !== undefined) await giveWay();
  }
  return counts;
}

type Turn = { readonly dueAt: Instant; readonly subscriberId: number };

/** The next failed deliveries of an issue, in the order of the index of states, with the states of their subscribers. */
function failedAfter(db: Db, issueId: number, { dueAt, subscriberId }: Turn) {
  return db
    .selectFrom('deliveries')
    .innerJoin('subscribers', 'subscribers.id', 'deliveries.subscriber_id')
    .select(['due_at as dueAt', 'subscriber_id as subscriberId', 'address', 'reason', 'subscribers.state'])
    .where('deliveries.state', '=', 'failed')
    .where('issue_id', '=', issueId)
    .where(sql<SqlBool>`(due_at, subscriber_id) > (${dueAt}, ${subscriberId})`)
    .orderBy('due_at')
    .orderBy('subscriber_id')
    .limit(SLICE)
    .execute();
}

function heldUnsent(db: Db, issueId: number) {
  return db
    .selectFrom('deliveries')
    .select('address')
    .where('issue_id', '=', issueId)
    .where(isHeld)
    .where(withoutIndex('deliveries.state'), 'in', UNSENT_HELD_STATES)
    .execute();
}

/**
 * How many of an issue's deliveries go to a domain, among the next `limit` after a subscriber's id.
 * @returns `last` is the id to continue after; absent when nothing is left
 */
export async function countOfDomain(
  db: Db,
  issueId: number,
  domain: string,
  { after, limit }: { after: number; limit: number },
): Promise<{ readonly count: number; readonly last: number | undefined }> {
  const slice = db
    .selectFrom('deliveries')
    .select(['subscriber_id', 'address'])
    .where('issue_id', '=', issueId)
    .where('subscriber_id', '>', after)
    .orderBy('subscriber_id')
    .limit(limit)
    .as('slice');
  const row = await db
    .selectFrom(slice)
    .select((e) => [
      e.fn.max('subscriber_id').as('last'),
      e.fn.sum<number>(sql`case when ${isOfDomain(domain)} then 1 else 0 end`).as('count'),
    ])
    .executeTakeFirstOrThrow();
  return { count: Number(row.count ?? 0), last: row.last ?? undefined };
}

/** Held refusals, including those that are too late to be sent by now, in slices by the subscribers' ids. */
export async function heldRefusals(
  db: Db,
  { since, after, limit }: { since: Instant; after: number; limit: number },
): Promise<Refusal[]> {
  return db
    .selectFrom('deliveries')
    .select([
      'issue_id as issueId',
      'subscriber_id as subscriberId',
      'address',
      'reply',
      'bounce_class as bounceClass',
    ])
    .where(isHeld)
    .where('state', 'in', ['deferred', 'planned', 'expired', 'failed'])
    .where('issue_id', 'in', (e) => e.selectFrom('issues').select('id').where('frozen_at', '>=', since))
    .where('subscriber_id', '>', after)
    .orderBy('subscriber_id')
    .limit(limit)
    .execute();
}

/** How many refusals of an issue are held. */
export async function countHeld(db: Db, issueId: number): Promise<number> {
  const row = await db
    .selectFrom('deliveries')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('issue_id', '=', issueId)
    .where(isHeld)
    .where(withoutIndex('deliveries.state'), 'in', HELD_STATES)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** A held refusal that is about to be tried again is one still; one that came back after it was accepted has failed. */
const UNSENT_HELD_STATES: readonly DeliveryState[] = ['deferred', 'planned', 'sending'];
const HELD_STATES: readonly DeliveryState[] = [...UNSENT_HELD_STATES, 'failed'];

/** Written as literals: only then does the planner know that the index of the few held rows applies. */
const isHeld = sql<SqlBool>`deliveries.reason = ${sql.lit(HELD)}`;

function isOfDomain(domain: string, column: 'address' | 'email' = 'address') {
  return sql<SqlBool>`lower(${sql.ref(column)}) like ${`%@${domain.replace(/[%_\\]/g, '')}`}`;
}
