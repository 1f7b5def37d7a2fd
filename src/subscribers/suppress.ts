import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import { isOwnChoice, type SuppressionReason } from '../domain/suppression.ts';
import { findDelivery, replanBounced, suppressUnsent } from '../ledger/plan-rows.ts';
import { tellOfSubscriber } from '../webhooks/webhooks.ts';
import { changeSubscriber } from './lifecycle.ts';
import { findSubscriber, setState } from './subscribers-table.ts';
import { findSuppression, lift, suppress } from './suppressions-table.ts';

export type Refused = {
  readonly reason: SuppressionReason;
  /** The server's words. */
  readonly reply: string;
  /** The delivery that was refused: nothing happens when its refusal was taken back meanwhile. */
  readonly issueId?: number;
  /** Whether it was accepted first and came back: SMTP did not say so. */
  readonly cameBack?: true;
};

/**
 * An address is not mailed any more: it is dead, or its owner complained.
 * @param trx the transaction that it is a part of, if it is one
 * @returns whether that was news
 */
export async function suppressSubscriber(
  core: Core,
  id: number,
  refused: Refused,
  trx?: Trx,
): Promise<boolean> {
  const { reason, reply, issueId, cameBack } = refused;
  const type = reason === 'complained' ? 'complained' : 'bounced';
  let isNews = false;
  const change: Parameters<typeof changeSubscriber>[2] = async (trx, subscriber) => {
    if (!(await isReasonToSuppress(trx, subscriber, reason))) return;
    if (issueId !== undefined && (await findDelivery(trx, issueId, id))?.state !== 'failed') return;
    isNews = true;
    if (subscriber.state !== 'pending') await tellOfSubscriber(core, trx, type, subscriber);
    if (subscriber.state !== 'suppressed') await setState(trx, id, 'suppressed', core.clock());
    const source = cameBack ? 'return' : 'smtp';
    await suppress(trx, subscriber.email, { reason, since: core.clock(), source, reply });
    await suppressUnsent(trx, id, type, core.clock());
  };
  await changeSubscriber(core, id, change, trx);
  return isNews;
}

/** Whoever left stays known as having left, and a complaint outweighs what a server said. */
async function isReasonToSuppress(
  trx: Trx,
  { state, email }: { readonly state: string; readonly email: string },
  reason: SuppressionReason,
): Promise<boolean> {
  if (state === 'suppressed')
    return reason === 'complained' && (await findSuppression(trx, email))?.reason !== 'complained';
  return state !== 'unsubscribed' || isOwnChoice(reason);
}

/** Undoes `suppressReader`: the refusal was not about the address. What was withdrawn with it is planned again. */
export async function returnToList(core: Core, trx: Trx, id: number): Promise<void> {
  const subscriber = await findSubscriber(trx, id);
  const suppression = subscriber && (await findSuppression(trx, subscriber.email));
  const isServers = suppression?.source === 'smtp' || suppression?.source === 'return';
  if (subscriber?.state !== 'suppressed' || !isServers || isOwnChoice(suppression.reason)) return;
  await setState(trx, id, 'active', core.clock());
  await lift(trx, subscriber.email);
  await replanBounced(trx, id, suppression.since);
  await tellOfSubscriber(core, trx, 'subscribed', subscriber);
}
