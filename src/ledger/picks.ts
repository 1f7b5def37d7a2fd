import { anyOf, withoutIndex } from '../db/dialect.ts';
import type { Db, Trx } from '../db/schema.ts';
import type { DeliveryState } from '../domain/delivery.ts';
import type { IssueKind } from '../domain/issue.ts';
import type { Instant } from '../domain/time.ts';

/** An issue that a subscriber got or may have got, and with which picks; empty for the common ones. */
export type Had = { readonly subscriberId: number; readonly issueId: number; readonly picks: string };

const HAD: readonly DeliveryState[] = ['accepted', 'sending', 'uncertain'];

/** Which issues of a kind, frozen since the moment and other than one, the subscribers got. */
export async function issuesSentTo(
  db: Db,
  subscriberIds: readonly number[],
  { kind, since, except }: { kind: IssueKind; since: Instant; except: number },
): Promise<Had[]> {
  if (subscriberIds.length === 0) return [];
  return db
    .selectFrom('deliveries')
    .select(['subscriber_id as subscriberId', 'issue_id as issueId', 'picks'])
    .where('subscriber_id', 'in', anyOf(db, subscriberIds))
    .where(withoutIndex('deliveries.state'), 'in', HAD)
    .where('issue_id', 'in', (e) =>
      e
        .selectFrom('issues')
        .select('id')
        .where('kind', '=', kind)
        .where('sample', '=', 0)
        .where('frozen_at', '>=', since)
        .where('id', '<>', except),
    )
    .execute();
}

/** The picks on a subscriber's delivery of an issue. */
export async function pickedFor(
  db: Db,
  issueId: number,
  subscriberId: number,
): Promise<{ picks: string; profileId: number } | undefined> {
  return db
    .selectFrom('deliveries')
    .select(['picks', 'profile_id as profileId'])
    .where('issue_id', '=', issueId)
    .where('subscriber_id', '=', subscriberId)
    .executeTakeFirst();
}

/** Ends a delivery before it is sent. */
export async function withhold(
  trx: Trx,
  { subscriberId, issueId }: Pick<Had, 'subscriberId' | 'issueId'>,
  reason: string,
  now: Instant,
): Promise<void> {
  await trx
    .updateTable('deliveries')
    .set({ state: 'suppressed', reason, settled_at: now })
    .where('issue_id', '=', issueId)
    .where('subscriber_id', '=', subscriberId)
    .where('state', '=', 'planned')
    .where('picks', '=', '')
    .execute();
}
