import type { Core } from '../core.ts';
import { issueSlug } from '../domain/slug.ts';
import { DAY } from '../domain/time.ts';
import { finishIssues } from '../ledger/issue-states.ts';
import { findIssueById } from '../ledger/issues.ts';
import { tellHooks } from '../webhooks/webhooks.ts';

/** Issues older than this were told of long ago. */
const MEMORY = 7 * DAY;

/** Closes the issues that have nobody left to send to, and tells of those that have now been sent. */
export async function closeIssues(core: Core): Promise<void> {
  await core.store.db.transaction().execute(async (trx) => {
    for (const id of await finishIssues(trx)) {
      const row = await findIssueById(trx, id);
      // Somebody who joins opens an issue again: that is not another one.
      if (!row?.issue || row.sample || row.frozenAt < core.clock() - MEMORY) continue;
      const slug = issueSlug(row);
      const { SITE_URL } = core.config;
      const url = SITE_URL && `${SITE_URL}/issues/${slug}`;
      await tellHooks(
        core,
        trx,
        { type: 'issue.sent', issue: { slug, subject: row.issue.subject, url } },
        slug,
      );
    }
  });
}
