import { sql } from 'kysely';
import { anyOf, isPostgres, jsonRows, withoutIndex } from '../db/dialect.ts';
import type { Db, Trx } from '../db/schema.ts';
import type { Day } from '../domain/day.ts';
import type { DeliveryState } from '../domain/delivery.ts';
import type { Instant } from '../domain/time.ts';
import { HELD } from './claims.ts';
import { COMMON, releaseProfiles } from './profiles.ts';

export type PlannedDelivery = {
  readonly subscriberId: number;
  readonly address: string;
  readonly dueAt: Instant;
  readonly dueDay: Day | '';
  /** Absent for subscribers who get the common issue. */
  readonly profileId?: number;
};

/**
 * Plans an issue for subscribers who have no delivery of it yet. Rows are stored in the order in which they will be sent: mails
 * that are sent together then share pages of the database, which cuts the data written per commit by two thirds.
 * @returns how many were planned now
 */
export async function plan(trx: Trx, issueId: number, planned: readonly PlannedDelivery[]): Promise<number> {
  if (planned.length === 0) return 0;
  const inTurn = planned.toSorted((one, other) => one.dueAt - other.dueAt);
  const rows = inTurn.map(({ subscriberId, address, dueAt, dueDay, profileId = COMMON }) => [
    subscriberId,
    address,
    dueAt,
    dueDay,
    profileId,
  ]);
  const result = await sql`
    insert into deliveries (issue_id, subscriber_id, address, state, reason, due_at, due_day, next_at, owner,
      lease_until, attempts, lost, reply, settled_at, profile_id, picks)
    select ${issueId}, cast(value ->> 0 as integer), value ->> 1, 'planned', '', cast(value ->> 2 as bigint),
      value ->> 3, 0, '', 0, 0, 0, '', 0, cast(value ->> 4 as integer), ''
    from ${jsonRows(trx, rows)} where true
    on conflict (issue_id, subscriber_id) do nothing`.execute(trx);
  return Number(result.numAffectedRows ?? 0n);
}

/** Plans a delivery that is never sent, so that the books include subscribers who were counted for an issue. */
export async function planWithheld(
  trx: Trx,
  issueId: number,
  subscribers: readonly { readonly id: number; readonly email: string }[],
  reason: string,
  now: Instant,
): Promise<void> {
  if (subscribers.length === 0) return;
  const planned = subscribers.map(({ id, email }) => ({ subscriberId: id, address: email, dueAt: now }));
  await plan(
    trx,
    issueId,
    planned.map((row) => ({ ...row, dueDay: '' })),
  );
  await trx
    .updateTable('deliveries')
    .set({ state: 'suppressed', reason, settled_at: now })
    .where('issue_id', '=', issueId)
    .where(
      'subscriber_id',
      'in',
      anyOf(
        trx,
        subscribers.map(({ id }) => id),
      ),
    )
    .where('state', '=', 'planned')
    .execute();
}

/**
 * The latest local day for which each subscriber got, or may have got, an issue. Until the transaction
 * ends none of their deliveries can be claimed, so the day that is planned next stays valid.
 */
export async function lastDaysMailed(trx: Trx, subscriberIds: readonly number[]): Promise<Map<number, Day>> {
  const open = trx
    .selectFrom('deliveries')
    .select('issue_id')
    .where('subscriber_id', 'in', anyOf(trx, subscriberIds))
    .where(withoutIndex('deliveries.state'), 'in', ['planned', 'deferred']);
  if (isPostgres(trx)) await open.forUpdate().execute();
  const rows = await trx
    .selectFrom('deliveries')
    .select((e) => ['subscriber_id', e.fn.max('due_day').as('day')])
    .where('subscriber_id', 'in', anyOf(trx, subscriberIds))
    .where(withoutIndex('deliveries.state'), 'in', ['accepted', 'sending', 'uncertain'])
    .where('due_day', '<>', '')
    .groupBy('subscriber_id')
    .execute();
  return new Map(rows.map((row) => [row.subscriber_id, row.day]));
}

export type UnsentDelivery = {
  readonly issueId: number;
  readonly state: DeliveryState;
  readonly welcome: boolean;
};

export async function findDelivery(
  db: Db,
  issueId: number,
  subscriberId: number,
): Promise<UnsentDelivery | undefined> {
  const row = await db
    .selectFrom('deliveries')
    .select(['issue_id as issueId', 'state', 'due_day'])
    .where('issue_id', '=', issueId)
    .where('subscriber_id', '=', subscriberId)
    .executeTakeFirst();
  return row && { issueId: row.issueId, state: row.state, welcome: row.due_day === '' };
}

/** Moves an unsent delivery to another time, address or profile, and deletes its old profile if it is unused now. */
export async function replan(trx: Trx, issueId: number, planned: PlannedDelivery): Promise<void> {
  const before = await trx
    .selectFrom('deliveries')
    .select('profile_id')
    .where('issue_id', '=', issueId)
    .where('subscriber_id', '=', planned.subscriberId)
    .executeTakeFirst();
  await trx
    .updateTable('deliveries')
    .set({
      state: 'planned',
      reason: '',
      address: planned.address,
      due_at: planned.dueAt,
      due_day: planned.dueDay,
      settled_at: 0,
      profile_id: planned.profileId ?? COMMON,
      picks: '',
    })
    .where('issue_id', '=', issueId)
    .where('subscriber_id', '=', planned.subscriberId)
    .where('state', 'in', ['planned', 'deferred', 'suppressed', 'superseded', 'expired'])
    .execute();
  if (before && before.profile_id !== COMMON) await releaseProfiles(trx, [before.profile_id]);
}

/** Withdraws a subscriber's unsent deliveries. */
export async function suppressUnsent(
  trx: Trx,
  subscriberId: number,
  reason: string,
  now: Instant,
): Promise<void> {
  await trx
    .updateTable('deliveries')
    .set({ state: 'suppressed', reason, settled_at: now })
    .where('subscriber_id', '=', subscriberId)
    .where('state', 'in', ['planned', 'deferred', 'uncertain'])
    .execute();
}

/** Plans again what was withdrawn since a moment because the subscriber's address seemed dead. */
export async function replanBounced(trx: Trx, subscriberId: number, since: Instant): Promise<void> {
  await trx
    .updateTable('deliveries')
    .set({ state: 'planned', reason: '', settled_at: 0 })
    .where('subscriber_id', '=', subscriberId)
    .where('state', '=', 'suppressed')
    .where('reason', '=', 'bounced')
    .where('settled_at', '>=', since)
    .where('issue_id', 'in', (e) =>
      e.selectFrom('issues').select('id').where('state', 'in', ['frozen', 'stopped']),
    )
    .execute();
}

/** Marks a subscriber's held refusals as final. */
export async function failHeld(trx: Trx, subscriberId: number, reason: string, now: Instant): Promise<void> {
  await trx
    .updateTable('deliveries')
    .set((e) => ({ state: 'failed', reason, settled_at: now, attempts: e('attempts', '+', 1) }))
    .where('subscriber_id', '=', subscriberId)
    .where('state', 'in', ['deferred', 'planned', 'expired'])
    .where('reason', '=', HELD)
    .execute();
  await trx
    .updateTable('deliveries')
    .set({ reason })
    .where('subscriber_id', '=', subscriberId)
    .where('state', '=', 'failed')
    .where('reason', '=', HELD)
    .execute();
}

/** Withdraws unsent deliveries that are due before the end of their subscriber's pause. */
export async function withholdPaused(
  trx: Trx,
  subscriberIds: readonly number[],
  now: Instant,
): Promise<void> {
  if (subscriberIds.length === 0) return;
  await trx
    .updateTable('deliveries')
    .set({ state: 'suppressed', reason: 'paused', settled_at: now })
    .where('subscriber_id', 'in', anyOf(trx, subscriberIds))
    .where(withoutIndex('deliveries.state'), 'in', ['planned', 'deferred', 'uncertain'])
    .where('due_at', '<', (e) =>
      e
        .selectFrom('subscribers')
        .select('paused_until')
        .whereRef('subscribers.id', '=', 'deliveries.subscriber_id'),
    )
    .execute();
}

/** Redirects unsent deliveries to another address. */
export async function readdress(trx: Trx, subscriberId: number, address: string): Promise<void> {
  await trx
    .updateTable('deliveries')
    .set({ address })
    .where('subscriber_id', '=', subscriberId)
    .where('state', 'in', ['planned', 'deferred', 'uncertain'])
    .execute();
}

export async function suppressIssue(
  trx: Trx,
  issueId: number,
  reason: string,
  now: Instant,
): Promise<number> {
  const result = await trx
    .updateTable('deliveries')
    .set({ state: 'suppressed', reason, settled_at: now })
    .where('issue_id', '=', issueId)
    .where('state', 'in', ['planned', 'deferred', 'uncertain'])
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}
