import { type SqlBool, sql } from 'kysely';
import type { Db } from '../db/schema.ts';
import type { Batch } from '../domain/batch.ts';
import type { DeliveryState } from '../domain/delivery.ts';
import type { Instant } from '../domain/time.ts';
import type { Days } from '../domain/weekdays.ts';
import { wantsDay } from './wants-day.ts';

/** Which planned deliveries may be sent now: those due by a moment, and those of some issues whatever their hour. */
export type Turn = {
  readonly dueBy: Instant;
  /** Only these subscribers; all without it. */
  readonly batches?: () => readonly Batch[];
  readonly whole?: readonly { readonly issueId: number; readonly days: Days }[];
};

export type DueDelivery = {
  readonly issueId: number;
  readonly subscriberId: number;
  readonly address: string;
  readonly dueAt: Instant;
  readonly attempts: number;
  readonly profileId: number;
  /** Empty before picking, and for the common issue. */
  readonly picks: string;
  /** The subscriber's; see `TokenPayload`. */
  readonly tokenVersion: number;
  /** The subscriber's choice; empty for the newsletter's own. */
  readonly language: string;
  /** Whether it welcomes a new subscriber. */
  readonly welcome: boolean;
};

/**
 * The first deliveries that may be sent, in the order in which they are due. Each issue's are read along the index and merged here.
 * @param after the last one of the previous page
 */
export async function dueDeliveries(
  db: Db,
  turn: Turn,
  limit: number,
  after?: DueDelivery,
): Promise<DueDelivery[]> {
  const pages: DueDelivery[][] = [];
  for (const { id } of await issuesInHand(db).execute())
    pages.push(await dueOfIssue(db, turn, id, limit, after));
  const due = pages.length === 1 ? (pages[0] ?? []) : pages.flat().sort(inTurn);
  return due.slice(0, limit);
}

function inTurn(one: DueDelivery, other: DueDelivery): number {
  return one.dueAt - other.dueAt || one.issueId - other.issueId || one.subscriberId - other.subscriberId;
}

/** Higher than any id. */
const NO_ID = 2 ** 31 - 1;

async function dueOfIssue(
  db: Db,
  turn: Turn,
  issueId: number,
  limit: number,
  after?: DueDelivery,
): Promise<DueDelivery[]> {
  const last = after && {
    ...after,
    ...(issueId !== after.issueId && { subscriberId: issueId > after.issueId ? 0 : NO_ID }),
  };
  const rows = await turnQuery(db, turn, ['planned'])
    .where('issue_id', '=', issueId)
    .$if(last !== undefined, (query) =>
      query.where(sql<SqlBool>`(due_at, subscriber_id) > (${last?.dueAt}, ${last?.subscriberId})`),
    )
    .leftJoin('subscribers', 'subscribers.id', 'deliveries.subscriber_id')
    .select([
      'issue_id as issueId',
      'subscriber_id as subscriberId',
      'address',
      'due_at as dueAt',
      'attempts',
      'profile_id as profileId',
      'deliveries.picks',
      'token_version as tokenVersion',
      'subscribers.language',
      'due_day as dueDay',
    ])
    .orderBy('due_at')
    .orderBy('subscriber_id')
    .limit(limit)
    .execute();
  return rows.map(({ dueDay, ...row }) => ({
    ...row,
    tokenVersion: row.tokenVersion ?? 0,
    language: row.language ?? '',
    welcome: dueDay === '',
  }));
}

/**
 * What is due now, cut into batches of `size` subscriber ids each: the same batches each time.
 * @param size a whole number
 */
export async function dueBatches(db: Db, dueBy: Instant, size: number): Promise<Batch[]> {
  const slice = sql<number>`subscriber_id / ${sql.lit(size)}`;
  const rows = await turnQuery(db, { dueBy }, ['planned'])
    .select(['issue_id as issueId', slice.as('slice')])
    .groupBy(['issue_id', slice])
    .orderBy('issue_id')
    .orderBy(slice)
    .execute();
  return rows.map(({ issueId, slice }) => ({ issueId, from: slice * size, to: slice * size + size - 1 }));
}

/** How many deliveries of the turn are in each unfinished state. */
export async function openInTurn(
  db: Db,
  turn: Turn,
): Promise<{ planned: number; sending: number; deferred: number; nextAt: Instant | null }> {
  const rows = await turnQuery(db, turn, ['planned', 'sending', 'deferred'])
    .select((e) => [
      'deliveries.state',
      e.fn.countAll<number>().as('count'),
      e.fn.min('next_at').as('nextAt'),
    ])
    .groupBy('deliveries.state')
    .execute();
  const of = (state: DeliveryState) => rows.find((row) => row.state === state);
  return {
    planned: Number(of('planned')?.count ?? 0),
    sending: Number(of('sending')?.count ?? 0),
    deferred: Number(of('deferred')?.count ?? 0),
    nextAt: of('deferred')?.nextAt ?? null,
  };
}

/** No mail of an issue is sent before the last slice of its audience is planned. */
function issuesInHand(db: Db) {
  return db
    .selectFrom('issues')
    .select('id')
    .where('state', '=', 'frozen')
    .where('planned_at', 'is not', null);
}

function turnQuery(db: Db, turn: Turn, states: DeliveryState[]) {
  const query = db
    .selectFrom('deliveries')
    .where('deliveries.state', 'in', states)
    .where('issue_id', 'in', issuesInHand(db));
  const { dueBy, whole, batches } = turn;
  if (batches !== undefined) {
    const parts = batches();
    return query.where('due_at', '<=', dueBy).where((e) => e.or(parts.map((batch) => partOf(batch))));
  }
  if (whole === undefined) return query.where('due_at', '<=', dueBy);
  return query.where((e) =>
    e.or([
      e('due_at', '<=', dueBy),
      ...whole.map(({ issueId, days }) =>
        e.and([
          e('issue_id', '=', issueId),
          e.or([
            e('due_day', '=', ''),
            e.exists(
              e
                .selectFrom('subscribers')
                .select('id')
                .whereRef('subscribers.id', '=', 'deliveries.subscriber_id')
                .where(wantsDay(days)),
            ),
          ]),
        ]),
      ),
    ]),
  );
}

function partOf({ issueId, from, to }: Batch) {
  return sql<SqlBool>`deliveries.issue_id = ${issueId} and deliveries.subscriber_id between ${from} and ${to}`;
}
