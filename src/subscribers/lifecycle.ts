import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import { dueTable } from '../domain/due.ts';
import type { Preferences, Subscriber, Wishes } from '../domain/subscriber.ts';
import { unplannedIssues } from '../ledger/issues.ts';
import { withdrawNotices } from '../ledger/notices.ts';
import { readdress, suppressUnsent } from '../ledger/plan-rows.ts';
import { tellOfReader } from '../webhooks/webhooks.ts';
import { forgetAddressChange, forgetWishMails } from './address-change-table.ts';
import { audience, joinReaders, kindFor, moveUnsent, planAnew, welcome } from './current-issue.ts';
import { isOpenedBy } from './links.ts';
import { defaultsOf, hasAudience, planReaders } from './plan.ts';
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
 * Every change of a reader goes through here: one transaction that changes them and what they are about to be
 * sent. A reader who was counted for an issue that is still being planned gets their delivery first, so that
 * the books balance whatever the change is.
 */
export async function changeReader(
  core: Core,
  id: number,
  change: (trx: Trx, reader: Subscriber) => Promise<void>,
): Promise<Subscriber | undefined> {
  return core.store.db.transaction().execute(async (trx) => {
    const reader = await findSubscriber(trx, id);
    if (reader === undefined) return undefined;
    if (reader.state === 'active') {
      for (const issue of await unplannedIssues(trx))
        if (hasAudience(core, issue) && issue.kind === kindFor(reader))
          await planReaders(
            trx,
            issue,
            [audience(reader)],
            dueTable(issue.frozenAt, defaultsOf(core)),
            core.clock(),
          );
    }
    await change(trx, reader);
    return findSubscriber(trx, id);
  });
}

/**
 * Activates a reader if their confirm link allows it, and sends them the latest issue as a welcome. Otherwise nothing
 * changes.
 * @param about from the link's token; see `isOpenedBy`
 */
export async function activate(core: Core, id: number, about?: string): Promise<Subscriber | undefined> {
  return changeReader(core, id, async (trx, reader) => {
    if (!isOpenedBy(about, reader, await leftAtOf(trx, id))) return;
    await setState(trx, id, 'active', core.clock());
    await lift(trx, reader.email);
    if (reader.state === 'unsubscribed') await setConsent(trx, id, 'form');
    await tellOfReader(core, trx, 'subscribed', reader);
    await welcome(core, trx, reader);
  });
}

/**
 * Ends it at once: nothing more is sent, whatever was planned. Doing it twice is as good as once. That they left is
 * remembered when they are erased, so that no list brings them back.
 * @param source who said so: the reader, or the operator
 */
export async function unsubscribe(
  core: Core,
  id: number,
  source: 'reader' | 'operator' = 'reader',
): Promise<Subscriber | undefined> {
  return changeReader(core, id, async (trx, reader) => {
    if (reader.state !== 'suppressed') {
      await setState(trx, id, 'unsubscribed', core.clock());
      if (reader.state === 'active')
        await suppress(trx, reader.email, { reason: 'unsubscribed', since: core.clock(), source, reply: '' });
    }
    if (reader.state === 'active') await tellOfReader(core, trx, 'unsubscribed', reader);
    await suppressUnsent(trx, id, 'unsubscribed', core.clock());
  });
}

/** An operator brings a reader back, whatever their state: they get the latest issue at their next hour. */
export async function bringBack(core: Core, id: number): Promise<void> {
  await changeReader(core, id, async (trx, reader) => {
    if (reader.state === 'active') return;
    await setState(trx, id, 'active', core.clock());
    await lift(trx, reader.email);
    await tellOfReader(core, trx, 'subscribed', reader);
    await planAnew(core, trx, { ...reader, state: 'active' });
  });
}

/** Saves what a reader wants, and moves what they have not been sent accordingly. What is not named stays. */
export async function changePreferences(
  core: Core,
  id: number,
  wanted: Preferences & Partial<Wishes>,
): Promise<Subscriber | undefined> {
  return changeReader(core, id, async (trx, reader) => {
    await setWishes(trx, id, { ...reader, ...wanted });
    if (reader.state === 'active') await moveUnsent(core, trx, reader, { ...reader, ...wanted });
  });
}

/**
 * Moves a reader and their unsent mails to an address, and invalidates every earlier link. Does nothing if another
 * subscriber, in any state, has the address by now.
 */
export async function moveReader(core: Core, id: number, email: string): Promise<'moved' | 'taken'> {
  let answer: 'moved' | 'taken' = 'taken';
  await changeReader(core, id, async (trx, reader) => {
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
    if (reader.state === 'active') await moveUnsent(core, trx, reader, { ...reader, email });
  });
  return answer;
}

/** Takes over what a list says of a known reader; who was pending is active from now on, who left stays away. */
export async function takeDetails(core: Core, id: number, wanted: Details): Promise<Subscriber | undefined> {
  return changeReader(core, id, async (trx, reader) => {
    await setDetails(trx, id, wanted);
    const { state } = reader;
    if (state === 'active') await moveUnsent(core, trx, reader, { ...reader, ...wanted });
    if (state !== 'pending') return;
    await setState(trx, id, 'active', core.clock());
    await joinReaders(core, trx, [{ ...reader, ...wanted }]);
  });
}
