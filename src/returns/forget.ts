import type { Core } from '../core.ts';
import { DAY } from '../domain/time.ts';
import { forgetReturns } from './returns-table.ts';

const SLICE = 1000;

/** Forgets what came back more than LEDGER_DAYS ago, in slices that let pages run in between. */
export async function forgetOldReturns(core: Core): Promise<void> {
  const before = core.clock() - core.config.LEDGER_DAYS * DAY;
  for (let count = SLICE; count === SLICE; ) {
    count = await forgetReturns(core.store.db, before, SLICE);
    await new Promise(setImmediate);
  }
}
