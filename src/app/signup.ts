import { EVERY_DAY } from '../domain/days.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { DAY, HOUR } from '../domain/time.ts';
import { readToken, type TokenPurpose } from '../domain/token.ts';
import { addNotice, countNotices } from '../store/notices.ts';
import { addSubscriber, findByAddress, findSubscriber, setState } from '../store/subscribers.ts';
import type { App } from './wire.ts';

/** How long a confirmation link is good. */
const CONFIRM_LIMIT = 7 * DAY;

/**
 * Somebody typed an address into the form. Whoever it belongs to gets one mail: to confirm, or, when they are a
 * reader already, to say so. At most one an hour and three a day, so that the form cannot be turned on anybody;
 * a suppressed address gets none. The visitor is told the same in every case.
 */
export async function signUp(app: App, address: string): Promise<void> {
  const now = app.clock();
  await app.store.db.transaction().execute(async (trx) => {
    const reader =
      (await findByAddress(trx, address)) ?? (await addSubscriber(trx, newReader(app, address), now));
    if (reader === undefined || reader.state === 'suppressed') return;
    const lastHour = await countNotices(trx, reader.id, now - HOUR);
    const lastDay = await countNotices(trx, reader.id, now - DAY);
    if (lastHour >= 1 || lastDay >= 3) return;
    if (reader.state === 'unsubscribed') await setState(trx, reader.id, 'pending', now);
    await addNotice(trx, reader.state === 'active' ? 'known' : 'confirm', reader, now);
  });
}

function newReader(app: App, email: string) {
  return {
    email,
    name: '',
    state: 'pending' as const,
    timezone: app.config.DEFAULT_TIMEZONE,
    deliverAt: app.config.DELIVER_AT,
    days: EVERY_DAY,
    topics: [],
    consent: 'form',
  };
}

/** Whom a link speaks of. Unsubscribe links work with every secret ever used, others with the current one. */
export async function readerOf(
  app: App,
  purpose: TokenPurpose,
  token: string,
): Promise<Subscriber | 'expired' | undefined> {
  const secrets = purpose === 'unsubscribe' ? app.secrets : app.secrets.slice(0, 1);
  const read = readToken(secrets, purpose, token);
  if (read === undefined) return undefined;
  const reader = await findSubscriber(app.store.reader, read.subscriberId);
  if (reader === undefined || purpose !== 'confirm') return reader;
  if (read.issuedAt === undefined) return undefined;
  return read.issuedAt + CONFIRM_LIMIT < app.clock() ? 'expired' : reader;
}
