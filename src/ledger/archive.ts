import type { Core } from '../core.ts';
import { isDatabaseTrouble } from '../db/database-trouble.ts';
import type { Day } from '../domain/day.ts';
import { messageOf } from '../domain/failure.ts';
import { giveWay } from '../domain/slices.ts';
import { DAY, type Instant } from '../domain/time.ts';
import { archivableIssues, archiveSlice } from './archive-table.ts';
import { ASIDE_MEMORY, reportAside } from './set-aside.ts';
import { forgetAside } from './set-aside-table.ts';

/** Small enough for pages to be served in between. */
const SLICE = 1000;

/** Turns the deliveries of issues older than LEDGER_DAYS into totals, in slices; an interrupted run is resumed later. */
export async function archiveOldDeliveries(core: Core, now: Instant): Promise<void> {
  await forgetAside(core.store.db, core.clock() - ASIDE_MEMORY);
  const issues = await archivableIssues(core.store.db, now - core.config.LEDGER_DAYS * DAY);
  for (const issue of issues) {
    try {
      await foldIssue(core, issue);
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error;
      await reportAside(core, [{ kind: 'old issue', ref: issue.date, reason: messageOf(error) }]);
    }
  }
}

async function foldIssue(core: Core, { id, date }: { id: number; date: Day }): Promise<void> {
  let count = 0;
  for (let folded = SLICE; folded === SLICE; count += folded) {
    folded = await core.store.db.transaction().execute((trx) => archiveSlice(trx, id, SLICE));
    await giveWay();
  }
  if (count > 0) core.log.info({ date, count }, 'deliveries folded into totals (LEDGER_DAYS)');
}
