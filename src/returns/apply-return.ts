import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import type { Held } from '../delivery/suppression-cap.ts';
import { addressKey } from '../domain/address.ts';
import { withoutAddresses } from '../domain/reply.ts';
import { type Return, type ReturnEffect, returnDetail } from '../domain/return.ts';
import { verdict } from '../domain/verdict.ts';
import type { ReturnedMail } from '../domain/verp.ts';
import {
  findSentMail,
  historyOf,
  markDelivered,
  markHeld,
  markReturned,
  type SentMail,
} from '../ledger/returned.ts';
import { unsubscribe } from '../subscribers/lifecycle.ts';
import { findSubscriber } from '../subscribers/subscribers-table.ts';
import { suppressSubscriber } from '../subscribers/suppress.ts';
import { restRefusingDomain } from './policy-rest.ts';
import type { ReturnTools } from './return-tools.ts';
import { resolveSubject } from './subject.ts';

export type Applied = {
  readonly effect: ReturnEffect;
  readonly mail?: ReturnedMail;
  /** For a return that names no mail. */
  readonly subscriberId?: number;
  /** Why its subscriber stays on the list, where too many would go. */
  readonly cappedBy?: Held;
};

/** Does what an event asks for. Nothing changes without a mail, or a link, that is proven to be ours. */
export async function applyReturn(core: Core, tools: ReturnTools, trx: Trx, event: Return): Promise<Applied> {
  const subject = await resolveSubject(trx, event.about, core.clock());
  if (subject === undefined) return { effect: 'unmatched' };
  if ('subscriberId' in subject) {
    const { subscriberId } = subject;
    if (event.kind !== 'unsubscribe' && event.kind !== 'complaint') return { effect: 'none', subscriberId };
    return { effect: await leave(core, trx, subscriberId, event), subscriberId };
  }
  const { mail } = subject;
  const sent = await findSentMail(trx, mail);
  if (event.kind === 'bounce') return { mail, ...(await bounce(core, tools, trx, { event, mail, sent })) };
  if (event.kind === 'delivered') await markDelivered(trx, mail);
  if (sent === undefined || (event.kind !== 'complaint' && event.kind !== 'unsubscribe'))
    return { mail, effect: 'none' };
  if (!(await isStillTheirs(trx, sent))) return { mail, effect: 'none' };
  return { mail, effect: await leave(core, trx, sent.subscriberId, event) };
}

async function leave(
  core: Core,
  trx: Trx,
  subscriberId: number,
  { kind, detail }: Return,
): Promise<ReturnEffect> {
  if (kind === 'complaint') {
    await suppressSubscriber(
      core,
      subscriberId,
      { reason: 'complained', reply: detail, cameBack: true },
      trx,
    );
    return 'complained';
  }
  const subscriber = await unsubscribe(core, subscriberId, 'reader', trx);
  return subscriber === undefined ? 'none' : 'unsubscribed';
}

type Bounce = { readonly event: Return; readonly mail: ReturnedMail; readonly sent: SentMail | undefined };

async function bounce(
  core: Core,
  tools: ReturnTools,
  trx: Trx,
  { event, mail, sent }: Bounce,
): Promise<Pick<Applied, 'effect' | 'cappedBy'>> {
  const { class: type = 'refused', detail } = event;
  const reply = returnDetail(withoutAddresses(detail)) || '(came back)';
  await markReturned(trx, mail, { class: type, reply, now: core.clock() });
  if (sent === undefined) return { effect: 'none' };
  const domain = sent.address.slice(sent.address.lastIndexOf('@') + 1).toLowerCase();
  if (type === 'policy') {
    if (sent.address !== '') await restRefusingDomain(core, tools, trx, domain, reply);
    return { effect: 'policy' };
  }
  const history = type === 'hard' ? [] : await historyOf(trx, sent.subscriberId);
  const reason =
    type === 'hard' ? 'hard' : mail.table === 'notices' ? undefined : verdict(history, core.clock());
  if (reason === undefined) return { effect: 'counted' };
  if (!(await isStillTheirs(trx, sent))) return { effect: 'none' };
  const cappedBy = await tools.cap.check(mail, domain, trx);
  if (cappedBy) {
    if (mail.table === 'deliveries') await markHeld(trx, mail.issueId, sent.subscriberId);
    return { effect: 'held', cappedBy };
  }
  const isNews = await suppressSubscriber(core, sent.subscriberId, { reason, reply, cameBack: true }, trx);
  return { effect: isNews ? 'suppressed' : 'counted' };
}

/** Whether the address that a mail went to is its subscriber's now; one who was erased has none. */
async function isStillTheirs(trx: Trx, { subscriberId, address }: SentMail): Promise<boolean> {
  const subscriber = await findSubscriber(trx, subscriberId);
  return subscriber !== undefined && addressKey(subscriber.email) === addressKey(address);
}
