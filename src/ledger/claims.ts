import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { inTransaction } from '../db/dialect.ts';
import type { Db, Trx } from '../db/schema.ts';
import type { DeliveryState, Outcome } from '../domain/delivery.ts';
import type { Instant } from '../domain/time.ts';
import type { ReturnedMail } from '../domain/verp.ts';

/**
 * What deliveries and notices have in common: the states and who moves a row from one to the next.
 * Both tables have the columns used here under the same names.
 */
export type WorkKey = ReturnedMail;

const WORK_TABLES = ['notices', 'deliveries'] as const;
export type WorkTable = (typeof WORK_TABLES)[number];

/**
 * The one conditional UPDATE that gives a row to one owner.
 * @returns false when another owner was faster
 */
export async function claim(db: Db, key: WorkKey, owner: string, leaseUntil: Instant): Promise<boolean> {
  const result = await workRows(db, key.table)
    .set({ state: 'sending', owner, lease_until: leaseUntil })
    .where(isWork(key))
    .where('state', '=', 'planned')
    .$if(key.table === 'deliveries', (query) => query.where(isBeingDelivered))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** What is read ahead of a run may be of an issue that was stopped or cancelled since. */
export const BEING_DELIVERED = "issue_id in (select id from issues where state = 'frozen')";
const isBeingDelivered = sql<SqlBool>`${sql.raw(BEING_DELIVERED)}`;

/**
 * Records the outcome of an attempt, if the row is still the owner's. An outcome that leads to another attempt reads the
 * subscriber too, so it is serialized with changes of subscribers; a final outcome is not.
 * @param nextAt when a deferred row is tried again
 * @returns false when the lease was lost: the row then holds what its new owner recorded
 */
export async function settle(
  db: Db,
  key: WorkKey,
  owner: string,
  outcome: Outcome,
  times: { now: Instant; nextAt: Instant },
): Promise<boolean> {
  const isFinal = outcome.kind === 'accepted' || outcome.kind === 'failed';
  const write = (on: Db) => writeOutcome(on, key, owner, outcome, times);
  return isFinal ? write(db) : inTransaction(db, write);
}

async function writeOutcome(
  db: Db,
  key: WorkKey,
  owner: string,
  outcome: Outcome,
  times: { now: Instant; nextAt: Instant },
): Promise<boolean> {
  const result = await workRows(db, key.table)
    .set((e) => ({
      ...change(key.table, outcome, times),
      attempts: e('attempts', '+', isAttempt(outcome) ? 1 : 0),
      lost: e('lost', '+', outcome.kind === 'lost' ? 1 : 0),
      reply: outcome.reply.slice(0, 500),
      owner: '',
      settled_at: times.now,
    }))
    .where(isWork(key))
    .where('state', '=', 'sending')
    .where('owner', '=', owner)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

function isAttempt({ kind }: Outcome): boolean {
  return kind !== 'route' && kind !== 'returned' && kind !== 'held';
}

function change(table: WorkTable, outcome: Outcome, times: { nextAt: Instant }) {
  switch (outcome.kind) {
    case 'accepted':
      return { state: 'accepted', reason: '' } as const;
    case 'deferred':
      return { ...again(table, 'deferred', ''), next_at: times.nextAt };
    case 'held':
      return { ...again(table, 'deferred', HELD), next_at: outcome.until };
    case 'failed':
      return { state: 'failed', reason: outcome.class } as const;
    case 'lost':
      return again(table, 'uncertain', 'lost');
    case 'route':
    case 'returned':
      return again(table, 'planned', '');
  }
}

/** The reason of a deferred row whose refusal may be a mistake. */
export const HELD = 'held';

/**
 * The state that leads to another attempt; a subscriber who left while their mail was in flight gets none. If they
 * changed their address, the retry goes to the new one, because the old mailbox must not get current links.
 */
function again(table: WorkTable, state: DeliveryState, reason: string) {
  if (table === 'notices') return { state, reason };
  const stays = sql`exists (select 1 from subscribers where subscribers.id = subscriber_id and subscribers.state = 'active')`;
  return {
    address: sql<string>`coalesce((select email from subscribers where subscribers.id = subscriber_id), address)`,
    state: sql<DeliveryState>`case when ${stays} then ${state} else 'suppressed' end`,
    reason: sql<string>`case when ${stays} then ${reason} else 'no longer a reader' end`,
  };
}

export async function renewLeases(db: Db, owner: string, until: Instant): Promise<void> {
  await inTransaction(db, async (trx) => {
    for (const table of WORK_TABLES) {
      await workRows(trx, table)
        .set({ lease_until: until })
        .where('state', '=', 'sending')
        .where('owner', '=', owner)
        .execute();
    }
  });
}

/** Renews one claim. @returns false when it is no longer the owner's */
export async function renewClaim(db: Db, key: WorkKey, owner: string, until: Instant): Promise<boolean> {
  const result = await workRows(db, key.table)
    .set({ lease_until: until })
    .where(isWork(key))
    .where('state', '=', 'sending')
    .where('owner', '=', owner)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** All owners that are sending, each with the latest end of its leases. */
export async function sendingOwners(db: Db): Promise<{ owner: string; leaseUntil: Instant }[]> {
  const owners = new Map<string, Instant>();
  for (const table of WORK_TABLES) {
    const query = db
      .selectFrom(table as 'notices')
      .select((e) => ['owner', e.fn.max('lease_until').as('leaseUntil')])
      .where('state', '=', 'sending')
      .groupBy('owner');
    for (const { owner, leaseUntil } of await query.execute())
      owners.set(owner, Math.max(leaseUntil, owners.get(owner) ?? 0));
  }
  return [...owners].map(([owner, leaseUntil]) => ({ owner, leaseUntil }));
}

/**
 * Marks what a dead owner had claimed as uncertain: nobody knows whether the server accepted it.
 * @param lastLease its latest lease when it was last seen: what it renewed or claimed since is left, because it is alive
 */
export async function abandon(db: Db, owner: string, lastLease?: Instant): Promise<number> {
  return inTransaction(db, async (trx) => {
    let count = 0;
    for (const table of WORK_TABLES) {
      const result = await workRows(trx, table)
        .set({ ...again(table, 'uncertain', 'crashed'), owner: '' })
        .where('state', '=', 'sending')
        .where('owner', '=', owner)
        .$if(lastLease !== undefined, (query) => query.where('lease_until', '<=', lastLease ?? 0))
        .executeTakeFirst();
      count += Number(result.numUpdatedRows);
    }
    return count;
  });
}

/** Plans again what a crash left in doubt, and once what was lost after DATA, and reopens their issues. */
export async function resendUncertain(db: Db): Promise<void> {
  await inTransaction(db, async (trx) => {
    for (const table of WORK_TABLES) {
      await workRows(trx, table)
        .set({ state: 'planned' })
        .where('state', '=', 'uncertain')
        .where((e) => e.or([e('reason', '=', 'crashed'), e('lost', '<', 2)]))
        .execute();
    }
    await reopenIssues(trx);
  });
}

/** An issue that had only uncertain deliveries left has mails to send again. */
async function reopenIssues(db: Db): Promise<void> {
  await db
    .updateTable('issues')
    .set({ state: 'frozen' })
    .where('state', '=', 'done')
    .where((e) =>
      e.exists(
        e
          .selectFrom('deliveries')
          .select('issue_id')
          .whereRef('deliveries.issue_id', '=', 'issues.id')
          .where('deliveries.state', '=', 'planned'),
      ),
    )
    .execute();
}

/** Makes deferred rows due now. @returns how many deliveries and notices */
export async function hurryDeferred(trx: Trx, now: Instant): Promise<number> {
  let count = 0;
  for (const table of WORK_TABLES) {
    const deferred = workRows(trx, table).set({ next_at: now }).where('state', '=', 'deferred');
    count += Number((await deferred.executeTakeFirst()).numUpdatedRows);
  }
  // They were tried before, so they were due, whatever their subscribers' hour is.
  await trx
    .updateTable('deliveries')
    .set({ due_at: now })
    .where('state', '=', 'deferred')
    .where('due_at', '>', now)
    .execute();
  return count;
}

export async function replanDeferred(db: Db, now: Instant): Promise<void> {
  await inTransaction(db, async (trx) => {
    for (const table of WORK_TABLES) {
      await workRows(trx, table)
        .set({ state: 'planned' })
        .where('state', '=', 'deferred')
        .where('next_at', '<=', now)
        .execute();
    }
  });
}

/** An update of rows of one of the tables. */
export function workRows(db: Db, table: WorkTable) {
  return db.updateTable(table as 'notices');
}

export function isWork(key: WorkKey): RawBuilder<SqlBool> {
  return key.table === 'notices'
    ? sql<SqlBool>`id = ${key.id}`
    : sql<SqlBool>`issue_id = ${key.issueId} and subscriber_id = ${key.subscriberId}`;
}
