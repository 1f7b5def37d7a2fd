import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import type { SuppressionReason } from '../domain/suppression.ts';
import { findDelivery, replanBounced, suppressUnsent } from '../ledger/plan-rows.ts';
import { tellOfReader } from '../webhooks/webhooks.ts';
import { changeReader } from './lifecycle.ts';
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
export async function suppressReader(core: Core, id: number, refused: Refused): Promise<boolean> {
  const { reason, reply, issueId } = refused;
  let isNews = false;
  await changeReader(core, id, async (trx, reader) => {
    if (reader.state === 'suppressed') return;
    if (issueId !== undefined && (await findDelivery(trx, issueId, id))?.state !== 'failed') return;
    isNews = true;
    await tellOfReader(core, trx, 'bounced', reader);
    await setState(trx, id, 'suppressed', core.clock());
    await suppress(trx, reader.email, { reason, since: core.clock(), source: 'smtp', reply });
    await suppressUnsent(trx, id, 'bounced', core.clock());
  });
  return isNews;
}

/** Undoes `suppressReader`: the refusal was not about the address. What was withdrawn with it is planned again. */
export async function returnToList(core: Core, trx: Trx, id: number): Promise<void> {
  const reader = await findSubscriber(trx, id);
  const suppression = reader && (await findSuppression(trx, reader.email));
  if (reader?.state !== 'suppressed' || suppression?.source !== 'smtp') return;
  await setState(trx, id, 'active', core.clock());
  await lift(trx, reader.email);
  await replanBounced(trx, id, suppression.since);
  await tellOfReader(core, trx, 'subscribed', reader);
}
