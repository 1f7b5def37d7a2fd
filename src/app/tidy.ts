import { DAY, HOUR } from '../domain/time.ts';
import { forgetOldWishes } from '../store/address-changes.ts';
import { forgetLimits } from '../store/limits.ts';
import { removeUnusedProfiles } from '../store/profiles.ts';
import { claimTopic } from '../store/rests.ts';
import type { Trx } from '../store/schema.ts';
import { purgePending } from '../store/subscribers.ts';
import type { App } from './wire.ts';

/** How long a sign-up may wait to be confirmed: then its link is dead, and the address is forgotten. */
export const CONFIRM_LIMIT = 7 * DAY;

/** How long an address may wait to be proved. */
export const WISH_LIMIT = DAY;

/** Every profile is looked at, so not at each pass. */
const PROFILES_EVERY = HOUR;

/** Slices that leave room for pages between them. */
const PEOPLE = 100;
const ROWS = 500;

/** Forgets who never confirmed, addresses that were never proved, counts that count no more, and unused profiles. */
export async function tidy(app: App): Promise<void> {
  const now = app.clock();
  let hasForgotten = false;
  await inSlices(app, async (trx) => {
    const limits = await forgetLimits(trx, now, ROWS);
    const people = await purgePending(trx, now - CONFIRM_LIMIT, now, PEOPLE);
    const wishes = await forgetOldWishes(trx, now - WISH_LIMIT, PEOPLE);
    hasForgotten ||= people + wishes > 0;
    return limits === ROWS || people === PEOPLE || wishes === PEOPLE;
  });
  await removeProfiles(app);
  if (hasForgotten) void app.store.wipeSoon();
}

async function removeProfiles(app: App): Promise<void> {
  const now = app.clock();
  if (!(await claimTopic(app.store.db, 'profiles', now, now - PROFILES_EVERY))) return;
  let last = 0;
  await inSlices(app, async (trx) => {
    const next = await removeUnusedProfiles(trx, last, ROWS);
    last = next ?? last;
    return next !== undefined;
  });
}

/** @param work one slice; says whether there is another one */
async function inSlices(app: App, work: (trx: Trx) => Promise<boolean>): Promise<void> {
  for (let more = true; more; ) {
    more = await app.store.db.transaction().execute(work);
    await new Promise(setImmediate);
  }
}
