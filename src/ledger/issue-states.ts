import { sql } from 'kysely';
import { inTransaction } from '../db/dialect.ts';
import type { Db, Trx } from '../db/schema.ts';
import type { IssueState } from '../domain/issue.ts';
import type { Instant } from '../domain/time.ts';

export async function setIssueState(db: Db, id: number, state: IssueState, reason = ''): Promise<void> {
  await db.updateTable('issues').set({ state, reason }).where('id', '=', id).execute();
}

/** Finishes the issues whose deliveries are all final, and returns them; uncertain ones wait for an operator. */
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

/** An issue that was done is being delivered again; one that is stopped stays so. */
const reopened = sql<IssueState>`case when state = 'done' then 'frozen' else state end`;

/** Somebody is to get an issue that may have been done. */
export async function reopenIssue(trx: Trx, id: number): Promise<void> {
  await trx
    .updateTable('issues')
    .set({ state: reopened, reason: '' })
    .where('id', '=', id)
    .where('state', '=', 'done')
    .execute();
}

/** Stops an issue that is being delivered: what is unsent waits. @returns whether it was being delivered */
export async function stopIssue(db: Db, id: number, reason: string): Promise<boolean> {
  const stopping = db.updateTable('issues').set({ state: 'stopped', reason }).where('id', '=', id);
  return (await stopping.where('state', '=', 'frozen').executeTakeFirst()).numUpdatedRows === 1n;
}

/** Lets a stopped issue go on. @returns whether it was stopped */
export async function releaseIssue(db: Db, id: number, now: Instant): Promise<boolean> {
  const released = db
    .updateTable('issues')
    .set({ state: 'frozen', reason: '', released_at: now })
    .where('id', '=', id);
  return (await released.where('state', '=', 'stopped').executeTakeFirst()).numUpdatedRows === 1n;
}

/** Adds subscribers who joined after the freeze to the audience, and reopens the issue. */
export async function countJoiners(trx: Trx, id: number, count: number): Promise<void> {
  await trx
    .updateTable('issues')
    .set((e) => ({ joined: e('joined', '+', count), state: reopened }))
    .where('id', '=', id)
    .execute();
}
