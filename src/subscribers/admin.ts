import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import { parseAddress } from '../domain/address.ts';
import { Fault } from '../domain/fault.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { awayBecause, type Suppression } from '../domain/suppression.ts';
import { EVERY_DAY } from '../domain/weekdays.ts';
import { tellOfSubscriber } from '../webhooks/webhooks.ts';
import { joinSubscribers } from './current-issue.ts';
import { changePreferences, reactivate, unsubscribe } from './lifecycle.ts';
import {
  addSubscriber,
  eraseSubscriber,
  findByAddress,
  findSubscriber,
  listSubscribers,
  requireByAddress,
  setDetails,
} from './subscribers-table.ts';
import { findSuppression, findSuppressions, lift, suppress } from './suppressions-table.ts';

/** Why some subscribers are not mailed, by their addresses. */
export async function suppressionsOf(
  core: Core,
  subscribers: readonly Subscriber[],
): Promise<ReadonlyMap<string, Suppression>> {
  const away = subscribers.filter(({ state }) => state === 'suppressed').map(({ email }) => email);
  return findSuppressions(core.store.readOnly, away);
}

/** All subscribers in slices, in the order of joining. */
export async function* everySubscriber(core: Core): AsyncGenerator<Subscriber[]> {
  for (let afterId = 0; ; ) {
    const slice = await listSubscribers(core.store.readOnly, afterId, 1000);
    if (slice.length === 0) return;
    yield slice;
    afterId = slice.at(-1)?.id ?? afterId;
  }
}

/** An operator adds one subscriber, also one who had left. @returns the address as it is kept */
export async function enrollSubscriber(core: Core, address: string): Promise<string> {
  const email = checked(address);
  const isNew = await core.store.db.transaction().execute((trx) => addOne(core, trx, email));
  const known = isNew ? undefined : await findByAddress(core.store.db, email);
  if (known) await reactivate(core, known.id);
  return email;
}

/**
 * A program adds one subscriber. Who has left stays away, and so does a dead address.
 * @returns the address as it is kept
 * @throws Fault SUBSCRIBER_AWAY
 */
export async function admitSubscriber(core: Core, address: string): Promise<string> {
  const email = checked(address);
  const pending = await core.store.db.transaction().execute(async (trx) => {
    const known = await findByAddress(trx, email);
    const suppression = known?.state === 'active' ? undefined : await findSuppression(trx, email);
    const away = awayBecause(known?.state, suppression?.reason);
    if (away !== undefined) throw staysAway(email, away);
    if (known === undefined) await addOne(core, trx, email);
    return known?.state === 'pending' ? known : undefined;
  });
  if (pending) await reactivate(core, pending.id);
  return email;
}

/** @returns whether the address was not on the list */
async function addOne(core: Core, trx: Trx, email: string): Promise<boolean> {
  const { DEFAULT_TIMEZONE: timezone, DELIVER_AT: deliverAt } = core.config;
  const preferences = { timezone, deliverAt, days: EVERY_DAY, topics: [] };
  const wanted = { email, name: '', state: 'active' as const, ...preferences, consent: 'operator' };
  const added = await addSubscriber(trx, wanted, core.clock());
  if (added === undefined) return false;
  await lift(trx, email);
  await tellOfSubscriber(core, trx, 'subscribed', added);
  await joinSubscribers(core, trx, [added]);
  return true;
}

function staysAway(email: string, away: string): Fault {
  return new Fault(
    'SUBSCRIBER_AWAY',
    `${email} is left out: ${away}.`,
    'They can sign up again themselves; "offprint subscribers add ADDRESS" brings one back.',
  );
}

/**
 * An operator says that an address may be mailed again, whatever is known of it. Who is suppressed is active again; who
 * left stays away until they ask, or are added.
 * @returns the address as it is kept
 * @throws Fault SUBSCRIBER_UNKNOWN when nothing keeps it from being mailed
 */
export async function allowAddress(core: Core, address: string): Promise<string> {
  const email = checked(address);
  const known = await findByAddress(core.store.db, email);
  const suppression = await findSuppression(core.store.db, email);
  if (known?.state !== 'suppressed' && suppression === undefined)
    throw new Fault(
      'SUBSCRIBER_UNKNOWN',
      `Nothing keeps ${email} from being mailed.`,
      '"offprint subscribers add" puts an address on the list.',
    );
  if (known?.state === 'suppressed') await reactivate(core, known.id);
  else await core.store.db.transaction().execute((trx) => lift(trx, email));
  core.log.info({ reason: suppression?.reason, subscriberId: known?.id }, 'an address is allowed again');
  return email;
}

export async function removeSubscriber(core: Core, address: string): Promise<string> {
  const subscriber = await known(core, address);
  await unsubscribe(core, subscriber.id, 'operator');
  return subscriber.email;
}

/**
 * Withdraws what is unsent, then forgets the subscriber; deliveries stay as numbers without an address. That the address is not to
 * be mailed stays, under a name that does not hold it.
 */
export async function eraseByAddress(core: Core, address: string): Promise<string> {
  const subscriber = await known(core, address);
  await eraseById(core, subscriber.id);
  return subscriber.email;
}

export async function eraseById(core: Core, id: number): Promise<void> {
  const before = await findSubscriber(core.store.db, id);
  await unsubscribe(core, id);
  await core.store.db.transaction().execute(async (trx) => {
    const subscriber = await findSubscriber(trx, id);
    // Somebody may have typed the address of a person who never wanted anything, and never left.
    const wasSubscriber = before !== undefined && before.state !== 'pending';
    if (subscriber && wasSubscriber && !(await findSuppression(trx, subscriber.email))) {
      const erased = { reason: 'erased', since: core.clock(), source: 'reader', reply: '' } as const;
      await suppress(trx, subscriber.email, erased);
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
  return requireByAddress(core.store.db, checked(address));
}

function checked(address: string): string {
  const email = parseAddress(address);
  if (email !== undefined) return email;
  throw new Fault(
    'SUBSCRIBER_INVALID',
    `${JSON.stringify(address)} is not an e-mail address.`,
    'Use one such as ada@example.org.',
  );
}
