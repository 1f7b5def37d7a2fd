import type { Core } from '../core.ts';
import type { Held } from '../delivery/suppression-cap.ts';
import { withoutAddresses } from '../domain/reply.ts';
import { giveWay } from '../domain/slices.ts';
import { tellOnce } from '../ledger/operator.ts';
import { markHeld, type SentMail } from '../ledger/returned.ts';
import { returnToList } from '../subscribers/suppress.ts';
import { setEffect, suppressedBy } from './returns-table.ts';

const SLICE = 200;

/**
 * So many mails came back that it is hardly the addresses: those who went before the cap was reached are back on the list,
 * and the operator is told. What came back was sent, so nothing is sent again.
 */
export async function holdReturns(core: Core, { of, domains }: Held, words: string): Promise<void> {
  const back = of ? await bringBackReturned(core, of) : 0;
  const whose = domains.length > 0 ? domains.join(', ') : 'many domains';
  const what = `So many mails to ${whose} came back that the addresses can hardly all be dead`;
  core.log[back > 0 || !of ? 'error' : 'debug']({ domains, back, reply: withoutAddresses(words) }, what);
  await tellOnce(core, `held returns ${of?.issueId ?? 'notices'}`, [
    what,
    `The last of them said: ${withoutAddresses(words)}`,
    'Nobody was taken off the list. "offprint returns list --effect held" shows them.',
    'If the addresses are dead all the same, "offprint subscribers suppress --held" takes them off.',
  ]);
}

async function bringBackReturned(core: Core, { issueId, domain }: NonNullable<Held['of']>): Promise<number> {
  let count = 0;
  for (let slice: SentMail[] = [], after = 0; ; after = slice.at(-1)?.subscriberId ?? after) {
    slice = await suppressedBy(core.store.db, issueId, after, SLICE);
    const isMeant = ({ address }: SentMail) =>
      domain === undefined || address.toLowerCase().endsWith(`@${domain}`);
    const meant = slice.filter(isMeant);
    for (const { subscriberId } of meant) {
      await core.store.db.transaction().execute(async (trx) => {
        await returnToList(core, trx, subscriberId);
        await markHeld(trx, issueId, subscriberId);
        await setEffect(trx, issueId, subscriberId, { from: 'suppressed', to: 'held' });
      });
      await giveWay();
    }
    count += meant.length;
    if (slice.length < SLICE) return count;
  }
}
