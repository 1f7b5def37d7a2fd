import type { Core } from '../core.ts';
import { Fault } from '../domain/fault.ts';
import { issueSlug } from '../domain/slug.ts';
import { setIssueState } from '../ledger/issue-states.ts';
import type { IssueRow } from '../ledger/issues.ts';
import { suppressIssue } from '../ledger/plan-rows.ts';
import { planAudiences } from '../subscribers/plan.ts';

/**
 * Ends an issue: unsent deliveries are suppressed and its papers stay used. @returns how many were withdrawn
 * @throws Fault ISSUE_FINISHED when there is nothing left to stop
 */
export async function cancelIssue(core: Core, row: IssueRow): Promise<number> {
  if (row.state !== 'frozen' && row.state !== 'stopped') {
    throw new Fault(
      'ISSUE_FINISHED',
      `The issue of ${issueSlug(row)} is ${row.state}.`,
      'Only an issue that is being delivered can be cancelled.',
    );
  }
  // Everybody who was counted has a delivery first, so that the books say who was cancelled.
  await planAudiences(core);
  return core.store.db.transaction().execute(async (trx) => {
    await setIssueState(trx, row.id, 'cancelled', 'cancelled by the operator');
    return suppressIssue(trx, row.id, 'cancelled', core.clock());
  });
}
