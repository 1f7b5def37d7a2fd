import { readSnapshot } from '../db/dialect.ts';
import type { Db, Trx } from '../db/schema.ts';
import { type Books, DELIVERY_STATES, type DeliveryState } from '../domain/delivery.ts';

/** Counted from the ledger at each call: there are no counters to drift. */
export async function booksOf(db: Db, issueId: number): Promise<Books> {
  return readSnapshot(db, (trx) => readBooks(trx, issueId));
}

async function readBooks(db: Trx, issueId: number): Promise<Books> {
  const issue = await db
    .selectFrom('issues')
    .select(['audience', 'joined'])
    .where('id', '=', issueId)
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom('deliveries')
    .select((e) => ['state', e.fn.countAll<number>().as('count')])
    .where('issue_id', '=', issueId)
    // The states are named because the index begins with them.
    .where('state', 'in', DELIVERY_STATES)
    .groupBy('state')
    .execute();
  const unproven = await db
    .selectFrom('deliveries')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('issue_id', '=', issueId)
    .where('state', '=', 'accepted')
    .where((e) => e.or([e('reply', '=', ''), e('settled_at', '=', 0)]))
    .executeTakeFirstOrThrow();
  const counts = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0])) as Record<
    DeliveryState,
    number
  >;
  const folded = await db
    .selectFrom('folded')
    .select(['state', 'count'])
    .where('issue_id', '=', issueId)
    .execute();
  for (const row of [...rows, ...folded]) counts[row.state] += Number(row.count);
  return {
    issueId,
    audience: issue.audience,
    joined: issue.joined,
    counts,
    unproven: Number(unproven.count),
  };
}

/** Subscribers who did not receive an issue, with the reason, in slices of `limit`. */
export async function notReached(db: Db, issueId: number, limit: number) {
  return db
    .selectFrom('deliveries')
    .select(['subscriber_id as subscriberId', 'address', 'state', 'reason', 'reply', 'attempts'])
    .where('issue_id', '=', issueId)
    .where('state', 'in', ['failed', 'uncertain', 'deferred', 'expired'])
    .orderBy('subscriber_id')
    .limit(limit)
    .execute();
}

/** An issue's rows in slices by the subscribers' ids: the first `limit` after `after`. */
export async function deliveriesOf(
  db: Db,
  issueId: number,
  page: { readonly state?: DeliveryState | undefined; readonly after: number; readonly limit: number },
) {
  let rows = db
    .selectFrom('deliveries')
    .select(['subscriber_id as subscriberId', 'address', 'state', 'reason', 'reply', 'attempts'])
    .select(['due_at as dueAt', 'settled_at as settledAt'])
    .where('issue_id', '=', issueId)
    .where('subscriber_id', '>', page.after);
  if (page.state !== undefined) rows = rows.where('state', '=', page.state);
  return rows.orderBy('subscriber_id').limit(page.limit).execute();
}
