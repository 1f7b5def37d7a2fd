import type { App } from '../app.ts';
import { isDatabaseTrouble } from '../db/database-trouble.ts';
import type { Day } from '../domain/day.ts';
import { DAY, type Instant } from '../domain/time.ts';
import { foldableIssues, foldSlice } from './archive-table.ts';
import { ASIDE_MEMORY, reasonFor, reportAside } from './set-aside.ts';
import { forgetAside } from './set-aside-table.ts';

/** Small enough that pages are answered in between. */
const SLICE = 1000;

/** Turns the deliveries of issues older than LEDGER_DAYS into totals, in slices; whoever is interrupted goes on later. */
export async function foldOld(app: App, now: Instant): Promise<void> {
  await forgetAside(app.store.db, app.clock() - ASIDE_MEMORY);
  const issues = await foldableIssues(app.store.db, now - app.config.LEDGER_DAYS * DAY);
  for (const issue of issues) {
    try {
      await foldIssue(app, issue);
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error;
      await reportAside(app, [{ kind: 'old issue', ref: issue.date, reason: reasonFor(error) }]);
    }
  }
}

async function foldIssue(app: App, { id, date }: { id: number; date: Day }): Promise<void> {
  let count = 0;
  for (let folded = SLICE; folded === SLICE; count += folded) {
    folded = await app.store.db.transaction().execute((trx) => foldSlice(trx, id, SLICE));
    await new Promise(setImmediate);
  }
  if (count > 0) app.log.info({ date, count }, 'deliveries folded into totals (LEDGER_DAYS)');
}
