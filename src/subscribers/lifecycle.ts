import type { Core } from '../core.ts';
import { inTransaction } from '../db/dialect.ts';
import type { Db, Trx } from '../db/schema.ts';
import { dueTable } from '../domain/due.ts';
import type { Preferences, Subscriber, Wishes } from '../domain/subscriber.ts';
import { unplannedIssues } from '../ledger/issues.ts';
import { withdrawNotices } from '../ledger/notices.ts';
import { readdress, suppressUnsent } from '../ledger/plan-rows.ts';
import { tellOfSubscriber } from '../webhooks/webhooks.ts';
import { forgetAddressChange, forgetWishMails } from './address-change-table.ts';
import {
  audience,
  joinSubscribers,
  kindFor,
  moveUnsent,
  replanSubscriber,
  welcome,
} from './current-issue.ts';
import { isOpenedBy } from './links.ts';
import { defaultsOf, hasAudience, planSubscribers } from './plan.ts';
import {
  type Details,
  findByAddress,
  findSubscriber,
  leftAtOf,
  setAddress,
  setConsent,
  setDetails,
  setState,
  setWishes,
} from './subscribers-table.ts';
import { lift, suppress } from './suppressions-table.ts';

/**
 * Every change of a subscriber goes through here: one transaction that changes them and what they are about to be
 * sent. A subscriber who was counted for an issue that is still being planned gets their delivery first, so that
 * the books balance whatever the change is.
 * @param db or the transaction that this is a part of
 */
export async function changeSubscriber(
  core: Core,
  id: number,
  change: (trx: Trx, subscriber: Subscriber) => Promise<void>,
  db: Db = core.store.db,
): Promise<Subscriber | undefined> {
  return inTransaction(db, async (trx) => {
    const subscriber = await findSubscriber(trx, id);
    if (subscriber === undefined) return undefined;
    if (subscriber.state === 'active') {
      for (const issue of await unplannedIssues(trx))
        if (hasAudience(core, issue) && issue.kind === kindFor(subscriber))
          await planSubscribers(
            trx,
            issue,
            [audience(subscriber)],
            dueTable(issue.frozenAt, defaultsOf(core)),
            core.clock(),
          );
    }
    await change(trx, subscriber);
    return findSubscriber(trx, id);
  });
}

/**
 * Activates a subscriber if their confirm link allows it, and sends them the latest issue as a welcome. Otherwise nothing
 * changes.
 * @param about from the link's token; see `isOpenedBy`
 */
export async function activate(core: Core, id: number, about?: string): Promise<Subscriber | undefined> {
  return changeSubscriber(core, id, async (trx, subscriber) => {
    if (!isOpenedBy(about, subscriber, await leftAtOf(trx, id))) return;
    await setState(trx, id, 'active', core.clock());
    await lift(trx, subscriber.email);
    if (subscriber.state !== 'pending') await setConsent(trx, id, 'form');
    if (subscriber.state === 'suppressed')
      core.log.info({ subscriberId: id }, 'a suppressed subscriber has come back');
    await tellOfSubscriber(core, trx, 'subscribed', subscriber);
    await welcome(core, trx, subscriber);
  });
}

/**
 * Ends it at once: nothing more is sent, whatever was planned. Doing it twice is as good as once. That they left is
 * remembered when they are erased, so that no list brings them back.
 * @param source who said so: the subscriber, or the operator
 */
export async function unsubscribe(
  core: Core,
  id: number,
  source: 'reader' | 'operator' = 'reader',
  db: Db = core.store.db,
): Promise<Subscriber | undefined> {
  const leave = async (trx: Trx, subscriber: Subscriber) => {
    if (subscriber.state !== 'suppressed') {
      await setState(trx, id, 'unsubscribed', core.clock());
      if (subscriber.state === 'active')
        await suppress(trx, subscriber.email, {
          reason: 'unsubscribed',
          since: core.clock(),
          source,
          reply: '',
        });
    }
    if (subscriber.state === 'active') await tellOfSubscriber(core, trx, 'unsubscribed', subscriber);
    await suppressUnsent(trx, id, 'unsubscribed', core.clock());
  };
  return changeSubscriber(core, id, leave, db);
}

/** An operator brings a subscriber back, whatever their state: they get the latest issue at their next hour. */
export async function reactivate(core: Core, id: number): Promise<void> {
  await changeSubscriber(core, id, async (trx, subscriber) => {
    if (subscriber.state === 'active') return;
    await setState(trx, id, 'active', core.clock());
    await lift(trx, subscriber.email);
    await tellOfSubscriber(core, trx, 'subscribed', subscriber);
    await replanSubscriber(core, trx, { ...subscriber, state: 'active' });
  });
}

/** Saves what a subscriber wants, and moves what they have not been sent accordingly. What is not named stays. */
export async function changePreferences(
  core: Core,
  id: number,
  wanted: Preferences & Partial<Wishes>,
): Promise<Subscriber | undefined> {
  return changeSubscriber(core, id, async (trx, subscriber) => {
    await setWishes(trx, id, { ...subscriber, ...wanted });
    if (subscriber.state === 'active') await moveUnsent(core, trx, subscriber, { ...subscriber, ...wanted });
  });
}

/**
 * Moves a subscriber and their unsent mails to an address, and invalidates every earlier link. Does nothing if another
 * subscriber, in any state, has the address by now.
 */
export async function moveSubscriber(core: Core, id: number, email: string): Promise<'moved' | 'taken'> {
  let answer: 'moved' | 'taken' = 'taken';
  await changeSubscriber(core, id, async (trx, subscriber) => {
    const other = await findByAddress(trx, email);
    if (other !== undefined && other.id !== id) return;
    answer = 'moved';
    await setAddress(trx, id, email);
    // Its mailbox has just been proved.
    await lift(trx, email);
    await readdress(trx, id, email);
    await forgetAddressChange(trx, id);
    await forgetWishMails(trx, id, email);
    await withdrawNotices(trx, id, core.clock());
    if (subscriber.state === 'active') await moveUnsent(core, trx, subscriber, { ...subscriber, email });
  });
  return answer;
}

/** Takes over what a list says of a known subscriber; who was pending is active from now on, who left stays away. */
export async function applyImportedDetails(
  core: Core,
  id: number,
  wanted: Details,
): Promise<Subscriber | undefined> {
  return changeSubscriber(core, id, async (trx, subscriber) => {
    await setDetails(trx, id, wanted);
    const { state } = subscriber;
    if (state === 'active') await moveUnsent(core, trx, subscriber, { ...subscriber, ...wanted });
    if (state !== 'pending') return;
    await setState(trx, id, 'active', core.clock());
    await joinSubscribers(core, trx, [{ ...subscriber, ...wanted }]);
  });
}
