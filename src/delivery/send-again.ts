import type { Core } from '../core.ts';
import type { Db } from '../db/schema.ts';
import { Fault } from '../domain/fault.ts';
import { issueSlug } from '../domain/slug.ts';
import { type IssueRow, issueCalled } from '../issues/find-edition.ts';
import { hurryDeferred } from '../ledger/claims.ts';
import { listIssues } from '../ledger/issues.ts';
import { planAgain, type Unreached } from '../ledger/plan-again.ts';
import { markTold } from '../ledger/topics.ts';
import type { Composing } from './composing.ts';
import { endCooldowns } from './cooldowns-table.ts';
import { deliver, RETRY_NOW } from './deliver.ts';
import type { Sending } from './sending.ts';

/**
 * Plans an issue again for subscribers whom it did not reach, due now, and sends what is due.
 * @param slug its date or week; without one, the newest that was published
 * @returns how many were planned again
 * @throws Fault ISSUE_UNKNOWN
 */
export async function retry(
  core: Core,
  composing: Composing,
  sending: Sending,
  slug: string | undefined,
  states: readonly Unreached[],
  stop: AbortSignal,
): Promise<{ row: IssueRow; count: number }> {
  const row = await issueCalled(core.store.db, slug ?? (await newest(core.store.db)));
  const now = core.clock();
  const count = await core.store.db.transaction().execute((trx) => planAgain(trx, row.id, states, now));
  if (count > 0) await deliver(core, composing, sending, () => ({ dueBy: now }), stop);
  return { row: await issueCalled(core.store.db, issueSlug(row)), count };
}

/**
 * Ends every rest: of relays and domains that refused us, in all processes, and of mails that are to be tried later. Sends what
 * is due.
 * @returns how many mails waited
 */
export async function retryNow(
  core: Core,
  composing: Composing,
  sending: Sending,
  stop: AbortSignal,
): Promise<number> {
  const now = core.clock();
  const count = await core.store.db.transaction().execute(async (trx) => {
    await endCooldowns(trx);
    await markTold(trx, RETRY_NOW, now);
    return hurryDeferred(trx, now);
  });
  await deliver(core, composing, sending, () => ({ dueBy: now }), stop);
  return count;
}

async function newest(db: Db): Promise<string> {
  const rows = await listIssues(db, { limit: 100 });
  const row = rows.find(({ issue }) => issue !== undefined);
  if (row) return issueSlug(row);
  throw new Fault(
    'ISSUE_UNKNOWN',
    'No issue has been published yet, so there is nothing to send again.',
    '"offprint issue build" makes one, and "offprint issue list" shows all issues.',
  );
}
