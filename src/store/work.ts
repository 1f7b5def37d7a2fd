import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Outcome } from '../domain/delivery.ts';
import type { Instant } from '../domain/time.ts';
import type { Db } from './schema.ts';

/**
 * What deliveries and notices have in common: the states and who moves a row from one to the next.
 * Both tables have the columns used here under the same names.
 */
export type WorkKey =
  | { readonly table: 'deliveries'; readonly issueId: number; readonly subscriberId: number }
  | { readonly table: 'notices'; readonly id: number };

export const WORK_TABLES = ['notices', 'deliveries'] as const;
export type WorkTable = (typeof WORK_TABLES)[number];

/** The one conditional UPDATE that gives a row to one owner: false when another has been faster. */
export async function claim(db: Db, key: WorkKey, owner: string, leaseUntil: Instant): Promise<boolean> {
  const result = await rows(db, key.table)
    .set({ state: 'sending', owner, lease_until: leaseUntil })
    .where(isKey(key))
    .where('state', '=', 'planned')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/**
 * Writes down what an attempt came to, if the row is still the owner's.
 * @param nextAt when a deferred row is tried again
 * @returns false when the lease was lost meanwhile: the row then says what its new owner found
 */
export async function settle(
  db: Db,
  key: WorkKey,
  owner: string,
  outcome: Outcome,
  times: { now: Instant; nextAt: Instant },
): Promise<boolean> {
  const result = await rows(db, key.table)
    .set((e) => ({
      ...change(outcome, times),
      attempts: e('attempts', '+', outcome.kind === 'route' ? 0 : 1),
      lost: e('lost', '+', outcome.kind === 'lost' ? 1 : 0),
      reply: outcome.reply.slice(0, 500),
      owner: '',
      settled_at: times.now,
    }))
    .where(isKey(key))
    .where('state', '=', 'sending')
    .where('owner', '=', owner)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

function change(outcome: Outcome, times: { nextAt: Instant }) {
  switch (outcome.kind) {
    case 'accepted':
      return { state: 'accepted', reason: '' } as const;
    case 'deferred':
      return { state: 'deferred', reason: '', next_at: times.nextAt } as const;
    case 'failed':
      return { state: 'failed', reason: outcome.class } as const;
    case 'lost':
      return { state: 'uncertain', reason: 'lost' } as const;
    case 'route':
      return { state: 'planned', reason: '' } as const;
  }
}

export async function renewLeases(db: Db, owner: string, until: Instant): Promise<void> {
  for (const table of WORK_TABLES) {
    await rows(db, table)
      .set({ lease_until: until })
      .where('state', '=', 'sending')
      .where('owner', '=', owner)
      .execute();
  }
}

/** What is being sent, by whom, and until when they have it. */
export async function sendingOwners(db: Db): Promise<{ owner: string; leaseUntil: Instant }[]> {
  const owners: { owner: string; leaseUntil: Instant }[] = [];
  for (const table of WORK_TABLES) {
    const query = db
      .selectFrom(table as 'notices')
      .select((e) => ['owner', e.fn.max('lease_until').as('leaseUntil')])
      .where('state', '=', 'sending')
      .groupBy('owner');
    owners.push(...(await query.execute()));
  }
  return owners;
}

/** What an owner that is no more had in hand: nobody knows whether the server took it. */
export async function abandon(db: Db, owner: string): Promise<number> {
  let count = 0;
  for (const table of WORK_TABLES) {
    const result = await rows(db, table)
      .set({ state: 'uncertain', reason: 'crashed', owner: '' })
      .where('state', '=', 'sending')
      .where('owner', '=', owner)
      .executeTakeFirst();
    count += Number(result.numUpdatedRows);
  }
  return count;
}

/** Plans again what a crash left in doubt, and once what was lost after DATA. */
export async function resendUncertain(db: Db): Promise<void> {
  for (const table of WORK_TABLES) {
    await rows(db, table)
      .set({ state: 'planned' })
      .where('state', '=', 'uncertain')
      .where((e) => e.or([e('reason', '=', 'crashed'), e('lost', '<', 2)]))
      .execute();
  }
}

export async function replanDeferred(db: Db, now: Instant): Promise<void> {
  for (const table of WORK_TABLES) {
    await rows(db, table)
      .set({ state: 'planned' })
      .where('state', '=', 'deferred')
      .where('next_at', '<=', now)
      .execute();
  }
}

function rows(db: Db, table: WorkTable) {
  return db.updateTable(table as 'notices');
}

function isKey(key: WorkKey): RawBuilder<SqlBool> {
  return key.table === 'notices'
    ? sql<SqlBool>`id = ${key.id}`
    : sql<SqlBool>`issue_id = ${key.issueId} and subscriber_id = ${key.subscriberId}`;
}
