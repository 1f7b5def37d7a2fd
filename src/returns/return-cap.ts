import type { Held, SuppressionCap } from '../delivery/suppression-cap.ts';
import { SECOND } from '../domain/time.ts';

/** How long a cap that was reached is known without counting again. */
const FRESH = 10 * SECOND;

/** Returns come by the thousand: where the cap was reached a moment ago, nothing is counted. */
export function createReturnCap(cap: SuppressionCap, ticks: () => number): SuppressionCap {
  const reached = new Map<string, { readonly held: Held; readonly at: number }>();
  const fresh = (name: string) => {
    const known = reached.get(name);
    return known && ticks() - known.at < FRESH ? known.held : undefined;
  };
  return {
    check: async (key, domain, db) => {
      if (key.table === 'notices') return cap.check(key, domain, db);
      const known = fresh(`${key.issueId}`) ?? fresh(`${key.issueId} ${domain}`);
      if (known) return known;
      const held = await cap.check(key, domain, db);
      if (held)
        reached.set(held.of?.domain === undefined ? `${key.issueId}` : `${key.issueId} ${domain}`, {
          held,
          at: ticks(),
        });
      return held;
    },
  };
}
