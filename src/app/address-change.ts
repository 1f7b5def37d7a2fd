import type { Subscriber } from '../domain/subscriber.ts';
import { DAY, HOUR } from '../domain/time.ts';
import { askAddressChange, findAddressChange, forgetAddressChange } from '../store/address-changes.ts';
import { take } from '../store/limits.ts';
import { addNotice, withdrawNotices } from '../store/notices.ts';
import { findByAddress } from '../store/subscribers.ts';
import { moveReader } from './readers.ts';
import { mayMail } from './signup.ts';
import type { App } from './wire.ts';

/** Links that a holder of a preferences link may have mailed to its reader. */
const LINKS = [
  { name: 'hour', count: 3, window: HOUR },
  { name: 'day', count: 6, window: DAY },
];

/** Mails a reader a fresh link to their own address; above the cap nothing, and nobody is told. */
export async function mailLink(app: App, reader: Subscriber, purpose: 'manage' | 'erase'): Promise<void> {
  const now = app.clock();
  await app.store.db.transaction().execute(async (trx) => {
    const limits = LINKS.map(({ name, ...rate }) => ({ key: `link-${name}:${reader.id}`, ...rate }));
    if (reader.state === 'suppressed' || !(await take(trx, limits, now)).ok) return;
    await addNotice(trx, purpose, reader, now);
  });
}

/**
 * Mails a link to the address that a reader wants to move to. Whoever has that address already is told that
 * somebody typed it, as by the sign-up form, and under the same caps.
 */
export async function askAddress(app: App, reader: Subscriber, email: string): Promise<void> {
  const now = app.clock();
  await app.store.db.transaction().execute(async (trx) => {
    const owner = await findByAddress(trx, email);
    if (owner?.state === 'suppressed' || !(await mayMail(app, trx, email))) return;
    if (owner !== undefined && owner.id !== reader.id) {
      if (owner.state === 'active') await addNotice(trx, 'known', owner, now);
      return;
    }
    await askAddressChange(trx, reader.id, email, now);
    await addNotice(trx, 'address', { id: reader.id, email }, now);
  });
}

/** The address that a link from the new mailbox proves: the one asked for last. */
export async function wantedAddress(
  app: App,
  reader: Subscriber,
  issuedAt: number,
): Promise<string | undefined> {
  const wanted = await findAddressChange(app.store.reader, reader.id);
  const isThis = wanted !== undefined && Math.floor(wanted.askedAt / 1000) * 1000 === issuedAt;
  return isThis ? wanted.email : undefined;
}

/** Nothing happens when somebody else, in whatever state, has come to have the address meanwhile. */
export async function moveToAddress(app: App, reader: Subscriber, email: string): Promise<'moved' | 'taken'> {
  const other = await findByAddress(app.store.db, email);
  if (other !== undefined && other.id !== reader.id) return 'taken';
  await moveReader(app, reader.id, email);
  await app.store.db.transaction().execute(async (trx) => {
    await forgetAddressChange(trx, reader.id);
    await withdrawNotices(trx, reader.id, app.clock());
  });
  return 'moved';
}
