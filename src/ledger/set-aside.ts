import type { Core } from '../core.ts';
import type { SetAside } from '../domain/set-aside.ts';
import { DAY } from '../domain/time.ts';
import { tellOnce } from './operator.ts';
import { saveSetAside } from './set-aside-table.ts';

/** How long something that was not seen again stays in `status`. */
export const ASIDE_MEMORY = 7 * DAY;

/** How many items one message names. */
const MOST_NAMED = 10;

/**
 * Records what could not be processed and was left out, for `status`; the operator is told of new items.
 * Everybody else's mail must not depend on it, so it is called after their work is done.
 */
export async function reportAside(core: Core, found: readonly SetAside[]): Promise<void> {
  if (found.length === 0) return;
  const fresh = await saveSetAside(core.store.db, found, core.clock());
  for (const aside of fresh) core.log.error(aside, 'set aside; everything else continues');
  for (const [kind, some] of Map.groupBy(fresh, (aside) => aside.kind)) {
    const named = some.slice(0, MOST_NAMED).map(({ ref, reason }) => `${kind} ${ref}: ${reason}`);
    await tellOnce(core, `aside ${kind}`, [
      some.length === 1 ? `one ${kind} was set aside` : `${some.length} of kind ${kind} were set aside`,
      ...named,
      'Everything else goes on without them. "offprint status" lists all that is set aside now.',
    ]);
  }
}
