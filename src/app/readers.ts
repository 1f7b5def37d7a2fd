import { isWeekly } from '../domain/days.ts';
import type { IssueKind, StoredIssue } from '../domain/issue.ts';
import type { Preferences, Subscriber, Wishes } from '../domain/subscriber.ts';
import { dueTable } from '../schedule/due.ts';
import { forgetAddressChange, forgetWishMails } from '../store/address-changes.ts';
import { countJoiners, latestIssue, setIssueState, unplannedIssues } from '../store/issues.ts';
import { withdrawNotices } from '../store/notices.ts';
import {
  findDelivery,
  lastDaysHad,
  readdress,
  replan,
  suppressUnsent,
  withholdPaused,
} from '../store/plan.ts';
import { COMMON, keepProfiles } from '../store/profiles.ts';
import type { Trx } from '../store/schema.ts';
import {
  findByAddress,
  findSubscriber,
  leftAtOf,
  type NewSubscriber,
  setAddress,
  setConsent,
  setDetails,
  setState,
  setWishes,
} from '../store/subscribers.ts';
import { tellOfReader } from './hooks.ts';
import { isOpenedBy } from './links.ts';
import { hasAudience, planReaders, profileOf, wantsOf } from './plan.ts';
import { type App, usesSmtp } from './wire.ts';

/**
 * Every change of a reader goes through here: one transaction that changes them and what they are about to be
 * sent. A reader who was counted for an issue that is still being planned gets their delivery first, so that
 * the books balance whatever the change is.
 */
async function changeReader(
  app: App,
  id: number,
  change: (trx: Trx, reader: Subscriber) => Promise<void>,
): Promise<Subscriber | undefined> {
  return app.store.db.transaction().execute(async (trx) => {
    const reader = await findSubscriber(trx, id);
    if (reader === undefined) return undefined;
    if (reader.state === 'active') {
      for (const issue of await unplannedIssues(trx))
        if (hasAudience(app, issue) && issue.kind === kindFor(reader))
          await planReaders(trx, issue, [audience(reader)], dueTable(issue.frozenAt), app.clock());
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
export async function activate(app: App, id: number, about?: string): Promise<Subscriber | undefined> {
  return changeReader(app, id, async (trx, reader) => {
    if (!isOpenedBy(about, reader, await leftAtOf(trx, id))) return;
    await setState(trx, id, 'active', app.clock());
    if (reader.state === 'unsubscribed') await setConsent(trx, id, 'form');
    await tellOfReader(app, trx, 'subscribed', reader);
    await welcome(app, trx, reader);
  });
}

/** Ends it at once: nothing more is sent, whatever was planned. Doing it twice is as good as once. */
export async function unsubscribe(app: App, id: number): Promise<Subscriber | undefined> {
  return changeReader(app, id, async (trx, reader) => {
    if (reader.state !== 'suppressed') await setState(trx, id, 'unsubscribed', app.clock());
    if (reader.state === 'active') await tellOfReader(app, trx, 'unsubscribed', reader);
    await suppressUnsent(trx, id, 'unsubscribed', app.clock());
  });
}

/** An operator brings a reader back, whatever their state: they get the latest issue at their next hour. */
export async function bringBack(app: App, id: number): Promise<void> {
  await changeReader(app, id, async (trx, reader) => {
    if (reader.state === 'active') return;
    await setState(trx, id, 'active', app.clock());
    await tellOfReader(app, trx, 'subscribed', reader);
    await planAnew(app, trx, { ...reader, state: 'active' });
  });
}

/** The address is dead: it is never mailed again. */
export async function suppressReader(app: App, id: number): Promise<void> {
  await changeReader(app, id, async (trx, reader) => {
    if (reader.state !== 'suppressed') await tellOfReader(app, trx, 'bounced', reader);
    await setState(trx, id, 'suppressed', app.clock());
    await suppressUnsent(trx, id, 'bounced', app.clock());
  });
}

/** Saves what a reader wants, and moves what they have not been sent accordingly. What is not named stays. */
export async function changePreferences(
  app: App,
  id: number,
  wanted: Preferences & Partial<Wishes>,
): Promise<Subscriber | undefined> {
  return changeReader(app, id, async (trx, reader) => {
    await setWishes(trx, id, { ...reader, ...wanted });
    if (reader.state === 'active') await moveUnsent(app, trx, reader, { ...reader, ...wanted });
  });
}

/**
 * Moves a reader and their unsent mails to an address, and invalidates every earlier link. Does nothing if another
 * subscriber, in any state, has the address by now.
 */
export async function moveReader(app: App, id: number, email: string): Promise<'moved' | 'taken'> {
  let answer: 'moved' | 'taken' = 'taken';
  await changeReader(app, id, async (trx, reader) => {
    const other = await findByAddress(trx, email);
    if (other !== undefined && other.id !== id) return;
    answer = 'moved';
    await setAddress(trx, id, email);
    await readdress(trx, id, email);
    await forgetAddressChange(trx, id);
    await forgetWishMails(trx, id, email);
    await withdrawNotices(trx, id, app.clock());
    if (reader.state === 'active') await moveUnsent(app, trx, reader, { ...reader, email });
  });
  return answer;
}

/** Takes over what a file says of a known reader; who was pending is active from now on, who left stays away. */
export async function takeDetails(
  app: App,
  id: number,
  wanted: NewSubscriber,
): Promise<Subscriber | undefined> {
  return changeReader(app, id, async (trx, reader) => {
    await setDetails(trx, id, wanted);
    const { state } = reader;
    if (state === 'active') await moveUnsent(app, trx, reader, { ...reader, ...wanted, state });
    if (state !== 'pending') return;
    await setState(trx, id, 'active', app.clock());
    await joinReaders(app, trx, [{ ...reader, ...wanted }]);
  });
}

/**
 * Gives new active readers the latest issue at their next hour, if there is one; for readers who were imported,
 * to whom nothing must come at once.
 */
export async function joinReaders(app: App, trx: Trx, readers: readonly Subscriber[]): Promise<void> {
  for (const [kind, joining] of Map.groupBy(readers, kindFor)) await joinKind(app, trx, kind, joining);
}

async function joinKind(app: App, trx: Trx, kind: IssueKind, readers: readonly Subscriber[]): Promise<void> {
  const newest = await issueForJoiners(app, trx, kind);
  // An older issue that is being planned would meet them in its slices, and they were not counted for it.
  const older = (await unplannedIssues(trx)).filter(
    (issue) => issue.kind === kind && hasAudience(app, issue) && issue.id !== newest?.id,
  );
  for (const issue of newest ? [...older, newest] : older) {
    const due = dueTable(Math.max(app.clock(), issue.frozenAt));
    const count = await planReaders(trx, issue, readers.map(audience), due, app.clock());
    if (count > 0) await countJoiners(trx, issue.id, count);
  }
}

async function welcome(app: App, trx: Trx, reader: Subscriber): Promise<void> {
  const own = await issueForJoiners(app, trx, kindFor(reader));
  const issue = own ?? (await issueForJoiners(app, trx, 'daily'));
  if (issue === undefined) return;
  const known = await findDelivery(trx, issue.id, reader.id);
  if (known === undefined) {
    const now = app.clock();
    await planReaders(trx, issue, [audience(reader)], () => ({ at: now, day: '' }), now);
    await countJoiners(trx, issue.id, 1);
  } else if (known.state === 'suppressed' || known.state === 'expired') {
    await replan(trx, issue.id, {
      subscriberId: reader.id,
      address: reader.email,
      dueAt: app.clock(),
      dueDay: '',
      profileId: await profileIdOf(trx, reader),
    });
    await setIssueState(trx, issue.id, 'frozen');
  }
}

async function moveUnsent(app: App, trx: Trx, before: Subscriber, reader: Subscriber): Promise<void> {
  if (sameWishes(before, reader)) return;
  if (kindFor(before) === kindFor(reader)) return planAnew(app, trx, reader);
  // What is unsent was of the other kind. Who now wants a weekly one has had the week's papers: the next is theirs.
  await suppressUnsent(trx, reader.id, kindFor(reader), app.clock());
  if (kindFor(reader) === 'daily') await planAnew(app, trx, reader);
}

/** Plans a reader's delivery of the newest issue by what they want now, if it is unsent. */
async function planAnew(app: App, trx: Trx, reader: Subscriber): Promise<void> {
  const issue = await issueForJoiners(app, trx, kindFor(reader));
  const known = issue && (await findDelivery(trx, issue.id, reader.id));
  if (!issue) return;
  if (!known) return joinReaders(app, trx, [reader]);
  const isOpen = known.state === 'planned' || known.state === 'deferred' || known.state === 'suppressed';
  if (known.welcome || !isOpen) return;
  const had = await lastDaysHad(trx, [reader.id]);
  const due = dueTable(Math.max(app.clock(), issue.frozenAt));
  const { at, day } = due(wantsOf(audience(reader)), had.get(reader.id));
  await replan(trx, issue.id, {
    subscriberId: reader.id,
    address: reader.email,
    dueAt: at,
    dueDay: day,
    profileId: await profileIdOf(trx, reader),
  });
  await withholdPaused(trx, [reader.id], app.clock());
  await setIssueState(trx, issue.id, 'frozen');
}

function sameWishes(a: Subscriber, b: Subscriber): boolean {
  const wishes = ({ email, timezone, deliverAt, days, pausedUntil, picks, topics }: Subscriber) =>
    JSON.stringify([email, timezone, deliverAt, days, pausedUntil, picks, topics]);
  return wishes(a) === wishes(b);
}

/** The newest issue of a kind; a sample only where mails are files. */
async function issueForJoiners(app: App, trx: Trx, kind: IssueKind): Promise<StoredIssue | undefined> {
  return latestIssue(trx, kind, { orSample: !usesSmtp(app.config) });
}

function kindFor({ days }: Pick<Subscriber, 'days'>): IssueKind {
  return isWeekly(days) ? 'weekly' : 'daily';
}

async function profileIdOf(trx: Trx, reader: Subscriber): Promise<number> {
  const [id = COMMON] = await keepProfiles(trx, [profileOf(audience(reader))]);
  return id;
}

function audience({ id, email, timezone, deliverAt, days, topics, picks, pausedUntil }: Subscriber) {
  const kept = { topics: JSON.stringify(topics), picks, paused_until: pausedUntil };
  return { id, email, timezone, deliver_at: deliverAt, days, ...kept };
}
