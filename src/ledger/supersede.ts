import { anyOf, withoutIndex } from '../db/dialect.ts';
import type { Trx } from '../db/schema.ts';
import type { Instant } from '../domain/time.ts';
import type { Days } from '../domain/weekdays.ts';
import { wantsDay } from './wants-day.ts';

/** If two issues fall on the same local day of a subscriber, the older one is superseded if it is unsent. */
export async function supersede(
  trx: Trx,
  issueId: number,
  subscriberIds: readonly number[],
  now: Instant,
): Promise<void> {
  if (!(await isAnotherInTheWay(trx, issueId))) return;
  await trx
    .updateTable('deliveries')
    .set({ state: 'superseded', settled_at: now })
    .where('subscriber_id', 'in', anyOf(trx, subscriberIds))
    .where(withoutIndex('deliveries.state'), 'in', ['planned', 'deferred'])
    .where((e) =>
      e.exists(
        e
          .selectFrom('deliveries as newer')
          .innerJoin('issues', 'issues.id', 'newer.issue_id')
          .select('newer.issue_id')
          .whereRef('newer.subscriber_id', '=', 'deliveries.subscriber_id')
          .whereRef('newer.due_day', '=', 'deliveries.due_day')
          .where('newer.due_day', '<>', '')
          .where('newer.state', 'in', ['planned', 'sending', 'accepted', 'deferred', 'uncertain'])
          .where((pair) =>
            pair.or([pair('newer.issue_id', '=', issueId), pair('deliveries.issue_id', '=', issueId)]),
          )
          .where('issues.frozen_at', '>', (own) =>
            own
              .selectFrom('issues as own')
              .select('own.frozen_at')
              .whereRef('own.id', '=', 'deliveries.issue_id'),
          ),
      ),
    )
    .execute();
}

/** Whether there is an issue that this one may supersede, or that may supersede it. */
async function isAnotherInTheWay(trx: Trx, issueId: number): Promise<boolean> {
  const others = trx
    .selectFrom('issues')
    .select('id')
    .where('id', '<>', issueId)
    .where((e) =>
      e.or([
        e('state', 'in', ['frozen', 'stopped']),
        e('frozen_at', '>', (own) => own.selectFrom('issues').select('frozen_at').where('id', '=', issueId)),
      ]),
    );
  return (await others.limit(1).executeTakeFirst()) !== undefined;
}

/** Everything older that is unsent is superseded by what these subscribers are about to get of this issue. */
export async function supersedeOlder(trx: Trx, issueId: number, days: Days, now: Instant): Promise<void> {
  await trx
    .updateTable('deliveries')
    .set({ state: 'superseded', settled_at: now })
    .where('issue_id', '<>', issueId)
    .where('issue_id', 'in', (e) =>
      e
        .selectFrom('issues')
        .select('issues.id')
        .where('frozen_at', '<=', (own) =>
          own.selectFrom('issues as own').select('own.frozen_at').where('own.id', '=', issueId),
        ),
    )
    .where('state', 'in', ['planned', 'deferred'])
    .where('subscriber_id', 'in', (e) =>
      e
        .selectFrom('deliveries as newer')
        .innerJoin('subscribers', 'subscribers.id', 'newer.subscriber_id')
        .select('newer.subscriber_id')
        .where('newer.issue_id', '=', issueId)
        .where('newer.state', '=', 'planned')
        .where(wantsDay(days)),
    )
    .execute();
}
