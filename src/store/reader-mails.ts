import type { Db } from './schema.ts';

/** Every mail that the ledger has of one reader, but those that asked a mailbox to prove that it is theirs. */
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
        // It proved to be: the mail has led to the address that they have now.
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
