import type { Core } from '../core.ts';
import { parseAddress } from '../domain/address.ts';
import { Fault } from '../domain/fault.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Suppression } from '../domain/suppression.ts';
import { EVERY_DAY } from '../domain/weekdays.ts';
import { tellOfSubscriber } from '../webhooks/webhooks.ts';
import { joinSubscribers } from './current-issue.ts';
import { reactivate, unsubscribe } from './lifecycle.ts';
import {
  addSubscriber,
  eraseSubscriber,
  findByAddress,
  findSubscriber,
  listSubscribers,
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

/** An operator adds one subscriber. @returns the address as it is kept */
export async function enrollSubscriber(core: Core, address: string): Promise<string> {
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
    await tellOfSubscriber(core, trx, 'subscribed', added);
    await joinSubscribers(core, trx, [added]);
  });
  const known = await findByAddress(core.store.db, email);
  if (known) await reactivate(core, known.id);
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

async function known(core: Core, address: string): Promise<Subscriber> {
  const subscriber = await findByAddress(core.store.db, checked(address));
  if (subscriber) return subscriber;
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
