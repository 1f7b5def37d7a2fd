import type { Core } from '../core.ts';
import { DAY } from '../domain/time.ts';
import { tellOnce } from '../ledger/operator.ts';
import { countRequest } from '../subscribers/sign-up-limits.ts';

/** One bad mail now and then is spam; so many within a day are a fault of somebody. */
const MANY = 20;

/**
 * Counts mails that could not be taken apart, and tells the operator when there are many within a day.
 * @param where they came in, as the operator knows it
 * @param next what the operator can do
 */
export async function countUnreadable(
  core: Core,
  { count, where, next }: { readonly count: number; readonly where: string; readonly next: string },
): Promise<void> {
  if (count === 0) return;
  const few = { key: `unreadable:${where}`, count: MANY - 1, per: DAY };
  const isMany = await core.store.db.transaction().execute(async (trx) => {
    for (let counted = 0; counted < count; counted += 1)
      if (!(await countRequest(trx, [few], core.clock())).ok) return true;
    return false;
  });
  if (!isMany) return;
  await tellOnce(
    core,
    `unreadable ${where}`,
    [`${MANY} mails or more that came to ${where} within a day could not be read`, next],
    DAY,
  );
}
