import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import { saveCooldown } from '../delivery/cooldowns-table.ts';
import { HOUR, type Instant } from '../domain/time.ts';
import type { ReturnTools } from './return-tools.ts';

/** As many as make a domain rest when it refuses our mail at once. */
const IN_A_ROW = 5;
const REST = HOUR;

/** How many of the latest returns are looked through. */
const LATEST = 100;

/** A domain that does not want our mail, and what it said. */
export type PolicyRefusal = { readonly domain: string; readonly reply: string };

/**
 * After five mails in a row that came back since a domain does not want our mail, it is left alone for a while.
 * @param refusals of returns that are written down already
 */
export async function restRefusingDomains(
  core: Core,
  { routeNames }: ReturnTools,
  trx: Trx,
  refusals: readonly PolicyRefusal[],
): Promise<void> {
  if (refusals.length === 0) return;
  const until = core.clock() + REST;
  const latest = await latestBounces(trx, core.clock() - REST);
  const replies = new Map(refusals.map(({ domain, reply }) => [domain, reply]));
  for (const [domain, reply] of replies) {
    const own = latest.filter(({ address }) => address.toLowerCase().endsWith(`@${domain}`));
    const inARow = own.slice(0, IN_A_ROW);
    if (inARow.length < IN_A_ROW || inARow.some((row) => row.class !== 'policy')) continue;
    for (const route of routeNames) await saveCooldown(trx, { route, domain, until, reply });
  }
}

/** The newest first. */
function latestBounces(trx: Trx, since: Instant) {
  return trx
    .selectFrom('returns')
    .innerJoin('deliveries', (join) =>
      join
        .onRef('deliveries.issue_id', '=', 'returns.issue_id')
        .onRef('deliveries.subscriber_id', '=', 'returns.ref_id'),
    )
    .select(['class', 'address'])
    .where('tag_table', '=', 'deliveries')
    .where('kind', '=', 'bounce')
    .where('taken_at', '>', since)
    .orderBy('returns.id', 'desc')
    .limit(LATEST)
    .execute();
}
