import type { Core } from '../core.ts';
import { parseAddress } from '../domain/address.ts';
import { Fault } from '../domain/fault.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Suppression } from '../domain/suppression.ts';
import { EVERY_DAY } from '../domain/weekdays.ts';
import { tellOfReader } from '../webhooks/webhooks.ts';
import { joinReaders } from './current-issue.ts';
import { bringBack, changePreferences, unsubscribe } from './lifecycle.ts';
import {
  addSubscriber,
  eraseSubscriber,
  findByAddress,
  findSubscriber,
  listSubscribers,
  setDetails,
} from './subscribers-table.ts';
import { findSuppression, findSuppressions, lift, suppress } from './suppressions-table.ts';

/** Why some readers are not mailed, by their addresses. */
export async function suppressionsOf(
  core: Core,
  readers: readonly Subscriber[],
): Promise<ReadonlyMap<string, Suppression>> {
  const away = readers.filter(({ state }) => state === 'suppressed').map(({ email }) => email);
  return findSuppressions(core.store.readOnly, away);
}

/** All readers in slices, in the order of joining. */
export async function* everySubscriber(core: Core): AsyncGenerator<Subscriber[]> {
  for (let afterId = 0; ; ) {
    const slice = await listSubscribers(core.store.readOnly, afterId, 1000);
    if (slice.length === 0) return;
    yield slice;
    afterId = slice.at(-1)?.id ?? afterId;
  }
}

/** An operator adds one reader. @returns the address as it is kept */
export async function addReader(core: Core, address: string): Promise<string> {
  const email = checked(address);
  const { DEFAULT_TIMEZONE: timezone, DELIVER_AT: deliverAt } = core.config;
  const wanted = {
    email,
    name: '',
    state: 'active' as const,
    timezone,
    deliverAt,
    days: EVERY_DAY,
    topics: [],
    consent: 'operator',
  };
  await core.store.db.transaction().execute(async (trx) => {
    const added = await addSubscriber(trx, wanted, core.clock());
    if (added === undefined) return;
    await lift(trx, email);
    await tellOfReader(core, trx, 'subscribed', added);
    await joinReaders(core, trx, [added]);
  });
  const known = await findByAddress(core.store.db, email);
  if (known) await bringBack(core, known.id);
  return email;
}

export async function removeReader(core: Core, address: string): Promise<string> {
  const reader = await known(core, address);
  await unsubscribe(core, reader.id, 'operator');
  return reader.email;
}

/**
 * Withdraws what is unsent, then forgets the reader; deliveries stay as numbers without an address. That the address is not to
 * be mailed stays, under a name that does not hold it.
 */
export async function eraseReader(core: Core, address: string): Promise<string> {
  const reader = await known(core, address);
  await eraseById(core, reader.id);
  return reader.email;
}

export async function eraseById(core: Core, id: number): Promise<void> {
  const before = await findSubscriber(core.store.db, id);
  await unsubscribe(core, id);
  await core.store.db.transaction().execute(async (trx) => {
    const reader = await findSubscriber(trx, id);
    // Somebody may have typed the address of a person who never wanted anything, and never left.
    const wasReader = before !== undefined && before.state !== 'pending';
    if (reader && wasReader && !(await findSuppression(trx, reader.email))) {
      const erased = { reason: 'erased', since: core.clock(), source: 'reader', reply: '' } as const;
      await suppress(trx, reader.email, erased);
    }
    await eraseSubscriber(trx, id);
  });
  void core.store.wipeSoon();
}

/** What an operator's program may change of a subscriber. */
export type SubscriberDetails = Partial<
  Pick<Subscriber, 'name' | 'timezone' | 'deliverAt' | 'days' | 'topics' | 'picks'>
>;

/** Changes what is named and keeps the rest. @returns them as they are now; `undefined` for an unknown address */
export async function changeDetails(
  core: Core,
  address: string,
  details: SubscriberDetails,
): Promise<Subscriber | undefined> {
  const email = parseAddress(address);
  const known = email === undefined ? undefined : await findByAddress(core.store.db, email);
  if (known === undefined || Object.keys(details).length === 0) return known;
  const { name = known.name, ...wishes } = details;
  if (name !== known.name) await setDetails(core.store.db, known.id, { ...known, ...wishes, name });
  return changePreferences(core, known.id, { ...known, ...wishes });
}

async function known(core: Core, address: string): Promise<Subscriber> {
  const reader = await findByAddress(core.store.db, checked(address));
  if (reader) return reader;
  throw new Fault(
    'SUBSCRIBER_UNKNOWN',
    `${address} is not on the list.`,
    '"offprint subscribers list" shows who is.',
  );
}

function checked(address: string): string {
  const email = parseAddress(address);
  if (email !== undefined) return email;
  throw new Fault(
    'SUBSCRIBER_INVALID',
    `${JSON.stringify(address)} is not an e-mail address.`,
    'Name one such as ada@example.org.',
  );
}
