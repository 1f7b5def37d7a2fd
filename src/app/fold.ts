import { DAY, type Instant } from '../domain/time.ts';
import { foldableIssues, foldSlice } from '../store/fold.ts';
import type { App } from './wire.ts';

/** Small enough that pages are answered in between. */
const SLICE = 1000;

/** Turns the deliveries of issues older than LEDGER_DAYS into totals, in slices; whoever is interrupted goes on later. */
export async function foldOld(app: App, now: Instant): Promise<void> {
  const { db } = app.store;
  for (const { id, date } of await foldableIssues(db, now - app.config.LEDGER_DAYS * DAY)) {
    let count = 0;
    for (let folded = SLICE; folded === SLICE; count += folded) {
      folded = await db.transaction().execute((trx) => foldSlice(trx, id, SLICE));
      await new Promise(setImmediate);
    }
    if (count > 0) app.log.info({ date, count }, 'deliveries folded into totals (LEDGER_DAYS)');
  }
}
