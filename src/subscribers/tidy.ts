import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import { giveWay } from '../domain/slices.ts';
import { DAY, HOUR } from '../domain/time.ts';
import { removeUnusedProfiles } from '../ledger/profiles.ts';
import { reserveTopic } from '../ledger/topics.ts';
import { forgetOldWishes } from './address-change-table.ts';
import { forgetLimits } from './sign-up-limits.ts';
import { purgePending } from './subscribers-table.ts';

/** How long a sign-up may wait for its confirmation; then the link expires and the address is deleted. */
export const CONFIRM_LIMIT = 7 * DAY;

/** How long a requested new address may wait for its confirmation. */
export const WISH_LIMIT = DAY;

/** This looks at every profile, so it does not run in every pass. */
const PROFILES_EVERY = HOUR;

/** Slice sizes that let page requests run in between. */
const PEOPLE = 100;
const ROWS = 500;

/** Deletes expired limits, unconfirmed sign-ups and address changes, and unused profiles. */
export async function tidy(core: Core): Promise<void> {
  const now = core.clock();
  let hasForgotten = false;
  await inSlices(core, async (trx) => {
    const limits = await forgetLimits(trx, now, ROWS);
    const people = await purgePending(trx, now - CONFIRM_LIMIT, now, PEOPLE);
    const wishes = await forgetOldWishes(trx, now - WISH_LIMIT, PEOPLE);
    hasForgotten ||= people + wishes > 0;
    return limits === ROWS || people === PEOPLE || wishes === PEOPLE;
  });
  await removeProfiles(core);
  if (hasForgotten) void core.store.wipeSoon();
}

async function removeProfiles(core: Core): Promise<void> {
  const now = core.clock();
  if (!(await reserveTopic(core.store.db, 'profiles', now, now - PROFILES_EVERY))) return;
  let last = 0;
  await inSlices(core, async (trx) => {
    const next = await removeUnusedProfiles(trx, last, ROWS);
    last = next ?? last;
    return next !== undefined;
  });
}

/** @param work processes one slice and returns whether there is more */
async function inSlices(core: Core, work: (trx: Trx) => Promise<boolean>): Promise<void> {
  for (let more = true; more; ) {
    more = await core.store.db.transaction().execute(work);
    await giveWay();
  }
}
