import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import type { Held } from '../delivery/suppression-cap.ts';
import { addressKey } from '../domain/address.ts';
import { withoutAddresses } from '../domain/reply.ts';
import { type Return, type ReturnEffect, returnDetail } from '../domain/return.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Instant } from '../domain/time.ts';
import { verdict } from '../domain/verdict.ts';
import type { ReturnedMail } from '../domain/verp.ts';
import {
  findSentMails,
  historyOf,
  markDelivered,
  markHeld,
  markReturned,
  nameOfMail,
  type SentMail,
} from '../ledger/returned.ts';
import { mailLeaveLink } from '../subscribers/leave-link.ts';
import { unsubscribe } from '../subscribers/lifecycle.ts';
import { findSubscriber } from '../subscribers/subscribers-table.ts';
import { suppressSubscriber } from '../subscribers/suppress.ts';
import type { PolicyRefusal } from './policy-rest.ts';
import type { ReturnTools } from './return-tools.ts';
import type { EventTaken } from './returns-table.ts';
import { resolveSubject } from './subject.ts';

export type Applied = Omit<EventTaken, 'event'> & {
  /** The domain that does not want our mail. */
  readonly policy?: PolicyRefusal;
  /** Why its subscriber stays on the list, where too many would go. */
  readonly cappedBy?: Held;
};

/** What an event is about: see `subjectsOf`. */
export type Subject =
  | { readonly mail: ReturnedMail; readonly sent: SentMail | undefined }
  | { readonly subscriberId: number }
  | { readonly leaver: Subscriber };

/** What events are about, and whom their mails went to. An event that proves to mean nothing of ours is missing. */
export async function subjectsOf(
  trx: Trx,
  events: readonly Return[],
  now: Instant,
): Promise<Map<Return, Subject>> {
  const subjects = new Map<Return, Subject>();
  const mails = new Map<Return, ReturnedMail>();
  for (const event of events) {
    const subject = await resolveSubject(trx, event.about, now);
    if (subject && 'mail' in subject) mails.set(event, subject.mail);
    else if (subject) subjects.set(event, subject);
  }
  const sent = await findSentMails(trx, [...mails.values()]);
  for (const [event, mail] of mails) subjects.set(event, { mail, sent: sent.get(nameOfMail(mail)) });
  return subjects;
}

/** Does what an event asks for. Nothing changes without a mail, or a link, that is proven to be ours. */
export async function applyReturn(
  core: Core,
  { cap, secrets }: ReturnTools,
  trx: Trx,
  event: Return,
  subject: Subject | undefined,
): Promise<Applied> {
  if (subject === undefined) return { effect: 'unmatched' };
  if ('leaver' in subject) {
    await mailLeaveLink(core, secrets, trx, subject.leaver);
    return { effect: 'none', subscriberId: subject.leaver.id };
  }
  if ('subscriberId' in subject) {
    const { subscriberId } = subject;
    if (event.kind !== 'unsubscribe' && event.kind !== 'complaint') return { effect: 'none', subscriberId };
    return { effect: await leave(core, trx, subscriberId, event), subscriberId };
  }
  const { mail, sent } = subject;
  if (event.kind === 'bounce') return { mail, ...(await bounce(core, cap, trx, { event, mail, sent })) };
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
  cap: ReturnTools['cap'],
  trx: Trx,
  { event, mail, sent }: Bounce,
): Promise<Pick<Applied, 'effect' | 'cappedBy' | 'policy'>> {
  const { class: type = 'refused', detail } = event;
  const reply = returnDetail(withoutAddresses(detail)) || '(came back)';
  await markReturned(trx, mail, { class: type, reply, now: core.clock() });
  if (sent === undefined) return { effect: 'none' };
  const domain = sent.address.slice(sent.address.lastIndexOf('@') + 1).toLowerCase();
  if (type === 'policy') return { effect: 'policy', ...(domain !== '' && { policy: { domain, reply } }) };
  const history = type === 'hard' ? [] : await historyOf(trx, sent.subscriberId);
  const reason =
    type === 'hard' ? 'hard' : mail.table === 'notices' ? undefined : verdict(history, core.clock());
  if (reason === undefined) return { effect: 'counted' };
  if (!(await isStillTheirs(trx, sent))) return { effect: 'none' };
  const cappedBy = await cap.check(mail, domain, trx);
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
