import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import { saveCooldown } from '../delivery/cooldowns-table.ts';
import { HOUR } from '../domain/time.ts';
import type { ReturnTools } from './return-tools.ts';

/** As many as make a domain rest when it refuses our mail at once. */
const IN_A_ROW = 5;
const REST = HOUR;

/** After five mails in a row that came back since a domain does not want our mail, it is left alone for a while. */
export async function restRefusingDomain(
  core: Core,
  { routeNames }: ReturnTools,
  trx: Trx,
  domain: string,
  reply: string,
): Promise<void> {
  const latest = await trx
    .selectFrom('returns')
    .innerJoin('deliveries', (join) =>
      join
        .onRef('deliveries.issue_id', '=', 'returns.issue_id')
        .onRef('deliveries.subscriber_id', '=', 'returns.ref_id'),
    )
    .select(['class', 'address'])
    .where('tag_table', '=', 'deliveries')
    .where('kind', '=', 'bounce')
    .where('taken_at', '>', core.clock() - REST)
    .orderBy('returns.id', 'desc')
    .limit(10 * IN_A_ROW)
    .execute();
  const own = latest.filter(({ address }) => address.toLowerCase().endsWith(`@${domain}`));
  // The one that is being taken is not written down yet.
  const before = own.slice(0, IN_A_ROW - 1);
  if (before.length < IN_A_ROW - 1 || before.some((row) => row.class !== 'policy')) return;
  const until = core.clock() + REST;
  for (const route of routeNames) await saveCooldown(trx, { route, domain, until, reply });
}
