import { type SqlBool, sql } from 'kysely';
import { withoutIndex } from '../db/dialect.ts';
import type { Db } from '../db/schema.ts';
import type { DeliveryState, FailureClass } from '../domain/delivery.ts';
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

/** How many of an issue's subscribers a refusal of it took off the list, or would; of one domain, or of all. */
export async function countGoing(db: Db, issueId: number, domain?: string): Promise<number> {
  const row = await going(db, issueId, domain)
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
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

/** The domains of these subscribers with their counts, largest first. */
export async function goingByDomain(
  db: Db,
  issueId: number,
): Promise<{ readonly domain: string; readonly count: number }[]> {
  const rows = await going(db, issueId).select('address').execute();
  const counts = Map.groupBy(rows, ({ address }) =>
    address.slice(address.lastIndexOf('@') + 1).toLowerCase(),
  );
  return [...counts]
    .map(([domain, of]) => ({ domain, count: of.length }))
    .sort((one, other) => other.count - one.count);
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
const HELD_STATES: readonly DeliveryState[] = ['deferred', 'planned', 'sending', 'failed'];

/** Written as literals: only then does the planner know that the index of the few held rows applies. */
const isHeld = sql<SqlBool>`deliveries.reason = ${sql.lit(HELD)}`;

/** The addresses that a refusal of an issue took off the list, and those it would if it were not held. */
function going(db: Db, issueId: number, domain?: string) {
  const refusals = db
    .selectFrom('deliveries')
    .innerJoin('subscribers', 'subscribers.id', 'deliveries.subscriber_id')
    .select('address')
    .where('issue_id', '=', issueId)
    .where('deliveries.state', '=', 'failed')
    .where(withoutIndex('subscribers.state'), '=', 'suppressed');
  const held = db
    .selectFrom('deliveries')
    .select('address')
    .where('issue_id', '=', issueId)
    .where(isHeld)
    .where(withoutIndex('deliveries.state'), 'in', HELD_STATES);
  return db
    .selectFrom(refusals.unionAll(held).as('going'))
    .$if(domain !== undefined, (query) => query.where(isOfDomain(domain ?? '')));
}

function isOfDomain(domain: string, column: 'address' | 'email' = 'address') {
  return sql<SqlBool>`lower(${sql.ref(column)}) like ${`%@${domain.replace(/[%_\\]/g, '')}`}`;
}
