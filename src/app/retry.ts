import type { Day } from '../domain/day.ts';
import { listIssues } from '../store/issues.ts';
import { planAgain, type Unreached } from '../store/retry.ts';
import { deliver } from './deliver.ts';
import { type IssueRow, issueOfDay } from './editions.ts';
import type { App } from './wire.ts';

/**
 * Plans an issue again for readers whom it did not reach, due now, and sends what is due.
 * @param date its date; without one, the newest that was published
 * @returns how many were planned again
 * @throws Fault ISSUE_UNKNOWN
 */
export async function retry(
  app: App,
  date: Day | undefined,
  states: readonly Unreached[],
  stop: AbortSignal,
): Promise<{ row: IssueRow; count: number }> {
  const row = await issueOfDay(app, date ?? (await newest(app)));
  const now = app.clock();
  const count = await app.store.db.transaction().execute((trx) => planAgain(trx, row.id, states, now));
  if (count > 0) await deliver(app, () => ({ dueBy: now }), stop);
  return { row: await issueOfDay(app, row.date), count };
}

async function newest(app: App): Promise<Day> {
  const rows = await listIssues(app.store.db, { limit: 100 });
  return rows.find(({ issue }) => issue !== undefined)?.date ?? 'none yet';
}
