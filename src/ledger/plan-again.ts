import type { Trx } from '../db/schema.ts';
import type { Instant } from '../domain/time.ts';

export type Unreached = 'failed' | 'uncertain';

/** Plans undelivered mails of an issue again, for those who are still subscribers. @returns how many */
export async function planAgain(
  trx: Trx,
  issueId: number,
  states: readonly Unreached[],
  now: Instant,
): Promise<number> {
  const result = await trx
    .updateTable('deliveries')
    .set({ state: 'planned', reason: '', due_at: now, lost: 0, bounced_at: 0, bounce_class: '' })
    .where('issue_id', '=', issueId)
    .where('state', 'in', states)
    .where((e) =>
      e.exists(
        e
          .selectFrom('subscribers')
          .select('id')
          .whereRef('subscribers.id', '=', 'deliveries.subscriber_id')
          .where('subscribers.state', '=', 'active'),
      ),
    )
    .executeTakeFirst();
  const count = Number(result.numUpdatedRows);
  if (count > 0)
    await trx
      .updateTable('issues')
      .set({ state: 'frozen' })
      .where('id', '=', issueId)
      .where('state', '=', 'done')
      .execute();
  return count;
}
