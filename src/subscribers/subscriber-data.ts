import type { Core } from '../core.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { formatInstant } from '../domain/time.ts';
import { formatDays } from '../domain/weekdays.ts';
import { mailsOf } from '../ledger/subscriber-mails.ts';
import { libraryOf } from '../papers/library/library-table.ts';
import { findAddressChange } from './address-change-table.ts';

/**
 * Everything that is kept about one subscriber, in words that they can read. A requested new address is listed, but not
 * whether a mail was sent there: that would reveal whether somebody else uses it.
 */
export async function dataOf(core: Core, subscriber: Subscriber): Promise<object> {
  const { email, name, state, timezone, deliverAt, days, topics, picks, pausedUntil, language, consent } =
    subscriber;
  const { deliveries, notices } = await mailsOf(core.store.readOnly, subscriber.id);
  const wish = await findAddressChange(core.store.readOnly, subscriber.id);
  return {
    newsletter: core.config.NEWSLETTER_NAME,
    email,
    name,
    state,
    timezone,
    deliverAt,
    days: formatDays(days) || 'every day',
    topics,
    picks,
    library: await libraryOf(core.store.readOnly, subscriber.id),
    language,
    pausedUntil: pausedUntil === 0 ? null : formatInstant(pausedUntil),
    consent,
    createdAt: formatInstant(subscriber.createdAt),
    addressChange: wish ? { email: wish.email, askedAt: formatInstant(wish.askedAt) } : null,
    deliveries: deliveries.map(({ issue, kind, address, mailState, dueAt, settledAt, reply }) => ({
      issue,
      kind,
      address,
      state: mailState,
      dueAt: formatInstant(dueAt),
      settledAt: settledAt === 0 ? null : formatInstant(settledAt),
      reply,
    })),
    notices: notices.map(({ kind, address, mailState, createdAt, reply }) => ({
      kind,
      address,
      state: mailState,
      createdAt: formatInstant(createdAt),
      reply,
    })),
  };
}
