import type { Core } from '../core.ts';
import { Fault } from '../domain/fault.ts';
import { issueSlug } from '../domain/slug.ts';
import { releaseIssue, stopIssue } from '../ledger/issue-states.ts';
import type { IssueRow } from '../ledger/issues.ts';

/**
 * Stops an issue in every process: at most what is on the wire is still sent.
 * @throws Fault ISSUE_FINISHED when it is not being delivered
 */
export async function holdIssue(core: Core, row: IssueRow): Promise<void> {
  if (await stopIssue(core.store.db, row.id, 'stopped by the operator')) return;
  throw new Fault(
    'ISSUE_FINISHED',
    `The issue of ${issueSlug(row)} is ${row.state}.`,
    'Only an issue that is being delivered can be stopped.',
  );
}

/**
 * Lets a stopped issue go on. Complaints and bounces count from now.
 * @throws Fault ISSUE_FINISHED when it is not stopped
 */
export async function releaseStopped(core: Core, row: IssueRow): Promise<void> {
  if (await releaseIssue(core.store.db, row.id, core.clock())) return;
  throw new Fault(
    'ISSUE_FINISHED',
    `The issue of ${issueSlug(row)} is ${row.state}.`,
    'Only an issue that is stopped can be released.',
  );
}
