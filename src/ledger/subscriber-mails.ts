import type { Db } from '../db/schema.ts';

/** All mails of one subscriber in the ledger, except those to new addresses that were never confirmed. */
export async function mailsOf(db: Db, subscriberId: number) {
  const deliveries = await db
    .selectFrom('deliveries')
    .innerJoin('issues', 'issues.id', 'deliveries.issue_id')
    .select([
      'issues.date as issue',
      'issues.kind as kind',
      'address',
      'deliveries.state as mailState',
      'due_at as dueAt',
      'settled_at as settledAt',
      'reply',
    ])
    .where('subscriber_id', '=', subscriberId)
    .orderBy('issue_id')
    .execute();
  const notices = await db
    .selectFrom('notices')
    .select(['kind', 'address', 'state as mailState', 'created_at as createdAt', 'reply'])
    .where('subscriber_id', '=', subscriberId)
    .where((e) =>
      e.or([
        e('kind', '<>', 'address'),
        // This one was confirmed: it is the subscriber's current address.
        e.exists(
          e
            .selectFrom('subscribers')
            .select('subscribers.id')
            .where('subscribers.id', '=', subscriberId)
            .whereRef('subscribers.email', '=', 'notices.address'),
        ),
      ]),
    )
    .orderBy('id')
    .execute();
  return { deliveries, notices };
}
