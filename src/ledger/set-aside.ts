import type { Core } from '../core.ts';
import type { SetAside } from '../domain/set-aside.ts';
import { DAY } from '../domain/time.ts';
import { tellOnce } from './operator.ts';
import { saveSetAside } from './set-aside-table.ts';

/** For so long something that was not met again stays in `status`. */
export const ASIDE_MEMORY = 7 * DAY;

/** How many of them one message names. */
const MOST_NAMED = 10;

/**
 * Writes down what could not be worked on and was left out, for `status` to show; the operator is told of what is new.
 * What everybody else gets must not depend on it, so it is called when their work is done.
 */
export async function reportAside(core: Core, found: readonly SetAside[]): Promise<void> {
  if (found.length === 0) return;
  const fresh = await saveSetAside(core.store.db, found, core.clock());
  for (const aside of fresh) core.log.error(aside, 'set aside: everything else goes on without it');
  for (const [kind, some] of Map.groupBy(fresh, (aside) => aside.kind)) {
    const named = some.slice(0, MOST_NAMED).map(({ ref, reason }) => `${kind} ${ref}: ${reason}`);
    await tellOnce(core, `aside ${kind}`, [
      some.length === 1 ? `one ${kind} was set aside` : `${some.length} of kind ${kind} were set aside`,
      ...named,
      'Everything else goes on without them. "offprint status" lists all that is set aside now.',
    ]);
  }
}
