import { inTransaction } from '../db/dialect.ts';
import type { Db, Trx } from '../db/schema.ts';
import type { IssueState } from '../domain/issue.ts';

export async function setIssueState(db: Db, id: number, state: IssueState, reason = ''): Promise<void> {
  await db.updateTable('issues').set({ state, reason }).where('id', '=', id).execute();
}

/** Ends the issues whose every delivery has come to its end, and gives them; what is uncertain waits for a person. */
export async function finishIssues(db: Db): Promise<number[]> {
  const finished = await inTransaction(db, (trx) =>
    trx
      .updateTable('issues')
      .set({ state: 'done' })
      .where('state', '=', 'frozen')
      .where('planned_at', 'is not', null)
      .where((e) =>
        e.not(
          e.exists(
            e
              .selectFrom('deliveries')
              .select('issue_id')
              .whereRef('deliveries.issue_id', '=', 'issues.id')
              .where('deliveries.state', 'in', ['planned', 'sending', 'deferred']),
          ),
        ),
      )
      .returning('id')
      .execute(),
  );
  return finished.map(({ id }) => id);
}

/** So many more subscribers than were counted at the freeze; the issue is open again. */
export async function countJoiners(trx: Trx, id: number, count: number): Promise<void> {
  await trx
    .updateTable('issues')
    .set((e) => ({ joined: e('joined', '+', count), state: 'frozen' }))
    .where('id', '=', id)
    .execute();
}
