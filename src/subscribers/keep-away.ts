import type { Core } from '../core.ts';
import type { SuppressionReason } from '../domain/suppression.ts';
import { suppressUnsent } from '../ledger/plan-rows.ts';
import { tellOfSubscriber } from '../webhooks/webhooks.ts';
import { changeSubscriber } from './lifecycle.ts';
import { isStricter, type ToldState } from './list-states.ts';
import { setState } from './subscribers-table.ts';
import { suppress } from './suppressions-table.ts';

export type Gone = Extract<ToldState, { readonly reason: SuppressionReason }>;

export function isGone(told: ToldState): told is Gone {
  return told.state === 'unsubscribed' || told.state === 'suppressed';
}

/**
 * A list says that a known subscriber has left, or that their address is dead: nothing more is sent to them. What keeps more mail
 * away already stays as it is.
 */
export async function keepAway(core: Core, id: number, { state, reason }: Gone): Promise<void> {
  await changeSubscriber(core, id, async (trx, subscriber) => {
    if (!isStricter(state, subscriber.state)) return;
    const now = core.clock();
    await setState(trx, id, state, now);
    await suppress(trx, subscriber.email, { reason, since: now, source: 'import', reply: '' });
    if (subscriber.state === 'active') await tellOfSubscriber(core, trx, eventOf(reason), subscriber);
    await suppressUnsent(trx, id, reason === 'unsubscribed' ? 'unsubscribed' : 'bounced', now);
  });
}

function eventOf(reason: SuppressionReason): 'unsubscribed' | 'bounced' | 'complained' {
  if (reason === 'complained') return 'complained';
  return reason === 'hard' || reason === 'soft' ? 'bounced' : 'unsubscribed';
}
