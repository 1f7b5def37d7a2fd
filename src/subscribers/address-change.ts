import type { Core } from '../core.ts';
import type { Db, Trx } from '../db/schema.ts';
import type { Secrets } from '../db/secrets.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { addNotice } from '../ledger/notices.ts';
import { askAddressChange, findAddressChange } from './address-change-table.ts';
import { type Client, type MailAnswer, mailLimits, refusal } from './form-limits.ts';
import { aboutAddress } from './links.ts';
import { countRequest } from './sign-up-limits.ts';
import { type AskedSignUp, queueSignUp } from './sign-up-table.ts';
import { findSubscriber } from './subscribers-table.ts';

/** Mails a subscriber a fresh link to their own address. Above their limit nothing is sent, and the answer stays the same. */
export async function mailLink(
  core: Core,
  secrets: Secrets,
  subscriber: Subscriber,
  purpose: 'manage' | 'erase',
  client: Client,
): Promise<MailAnswer> {
  const now = core.clock();
  const own = { id: subscriber.id, asksFor: 'own' } as const;
  const limits = mailLimits(
    { config: core.config, secrets },
    { client, address: subscriber.email, subscriber: own },
  );
  return core.store.db.transaction().execute(async (trx) => {
    const taken = await countRequest(trx, limits, now);
    if (!taken.ok) return refusal(taken.full, taken.retryAfter);
    if (!taken.quietlyFull && subscriber.state !== 'suppressed')
      await addNotice(trx, purpose, subscriber, now);
    return { kind: 'taken' };
  });
}

/**
 * Stores the address that a subscriber wants to move to and queues it like a sign-up. This is the same for every address, so
 * that nothing the subscriber can see afterwards tells whether somebody else uses it.
 */
export async function askAddress(
  core: Core,
  secrets: Secrets,
  subscriber: Subscriber,
  email: string,
  client: Client,
): Promise<MailAnswer> {
  const now = core.clock();
  const limits = mailLimits(
    { config: core.config, secrets },
    { client, address: email, subscriber: { id: subscriber.id, asksFor: 'other' } },
  );
  return core.store.db.transaction().execute(async (trx) => {
    const taken = await countRequest(trx, limits, now);
    if (!taken.ok) return refusal(taken.full, taken.retryAfter);
    await askAddressChange(trx, subscriber.id, email, now);
    await queueSignUp(trx, email, [], now, { askedBy: subscriber.id, mayMail: !taken.quietlyFull });
    return { kind: 'taken' };
  });
}

/**
 * Mails the link to the new address. If it belongs to an active subscriber, they are told that somebody entered it, as by the
 * sign-up form. If its subscriber has unsubscribed or not confirmed yet, nothing is sent.
 */
export async function settleWish(
  core: Core,
  trx: Trx,
  { askedBy, email }: AskedSignUp,
  owner: Subscriber | undefined,
): Promise<void> {
  const now = core.clock();
  if (owner !== undefined && owner.id !== askedBy) {
    if (owner.state === 'active') await addNotice(trx, 'known', owner, now);
    return;
  }
  const [subscriber, wish] = [await findSubscriber(trx, askedBy), await findAddressChange(trx, askedBy)];
  // The subscriber may have been erased, or may want a different address by now.
  if (subscriber && wish?.email === email) await addNotice(trx, 'address', { id: askedBy, email }, now);
}

/** The address that a link proves, unless its subscriber has asked for a different one since. */
export async function wantedAddress(
  db: Db,
  secrets: Secrets,
  subscriber: Subscriber,
  about = '',
): Promise<string | undefined> {
  const wanted = await findAddressChange(db, subscriber.id);
  return wanted !== undefined && aboutAddress(secrets, wanted.email) === about ? wanted.email : undefined;
}
