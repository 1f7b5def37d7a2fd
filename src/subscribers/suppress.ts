import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import type { SuppressionReason } from '../domain/suppression.ts';
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
};

/** The address is dead: it is not mailed any more. @returns whether that was news */
export async function suppressSubscriber(core: Core, id: number, refused: Refused): Promise<boolean> {
  const { reason, reply, issueId } = refused;
  let isNews = false;
  await changeSubscriber(core, id, async (trx, subscriber) => {
    if (subscriber.state === 'suppressed') return;
    if (issueId !== undefined && (await findDelivery(trx, issueId, id))?.state !== 'failed') return;
    isNews = true;
    await tellOfSubscriber(core, trx, 'bounced', subscriber);
    await setState(trx, id, 'suppressed', core.clock());
    await suppress(trx, subscriber.email, { reason, since: core.clock(), source: 'smtp', reply });
    await suppressUnsent(trx, id, 'bounced', core.clock());
  });
  return isNews;
}

/** Undoes `suppressReader`: the refusal was not about the address. What was withdrawn with it is planned again. */
export async function returnToList(core: Core, trx: Trx, id: number): Promise<void> {
  const subscriber = await findSubscriber(trx, id);
  const suppression = subscriber && (await findSuppression(trx, subscriber.email));
  if (subscriber?.state !== 'suppressed' || suppression?.source !== 'smtp') return;
  await setState(trx, id, 'active', core.clock());
  await lift(trx, subscriber.email);
  await replanBounced(trx, id, suppression.since);
  await tellOfSubscriber(core, trx, 'subscribed', subscriber);
}
