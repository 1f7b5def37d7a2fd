import { usesSmtp } from '../config/load.ts';
import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import { dueTable } from '../domain/due.ts';
import type { IssueKind, StoredIssue } from '../domain/issue.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { isWeekly } from '../domain/weekdays.ts';
import { countJoiners, reopenIssue } from '../ledger/issue-states.ts';
import { latestIssue, unplannedIssues } from '../ledger/issues.ts';
import { findDelivery, lastDaysMailed, replan, suppressUnsent, withholdPaused } from '../ledger/plan-rows.ts';
import { COMMON, saveProfiles } from '../ledger/profiles.ts';
import { knownLibraries } from '../papers/library/library-table.ts';
import { defaultsOf, hasAudience, planSubscribers, profileOf, wantsOf } from './plan.ts';

/**
 * Gives new active subscribers the latest issue at their next hour, if there is one; for subscribers who were imported,
 * to whom nothing must come at once.
 */
export async function joinSubscribers(
  core: Core,
  trx: Trx,
  subscribers: readonly Subscriber[],
): Promise<void> {
  for (const [kind, joining] of Map.groupBy(subscribers, kindFor)) await joinKind(core, trx, kind, joining);
}

async function joinKind(
  core: Core,
  trx: Trx,
  kind: IssueKind,
  subscribers: readonly Subscriber[],
): Promise<void> {
  const newest = await issueForJoiners(core, trx, kind);
  // An older issue that is being planned would meet them in its slices, and they were not counted for it.
  const older = (await unplannedIssues(trx)).filter(
    (issue) => issue.kind === kind && hasAudience(core, issue) && issue.id !== newest?.id,
  );
  for (const issue of newest ? [...older, newest] : older) {
    const due = dueTable(Math.max(core.clock(), issue.frozenAt), defaultsOf(core));
    const { count } = await planSubscribers(trx, issue, subscribers.map(audience), due, core.clock());
    if (count > 0) await countJoiners(trx, issue.id, count);
  }
}

export async function welcome(core: Core, trx: Trx, subscriber: Subscriber): Promise<void> {
  const own = await issueForJoiners(core, trx, kindFor(subscriber));
  const issue = own ?? (await issueForJoiners(core, trx, 'daily'));
  if (issue === undefined) return;
  const known = await findDelivery(trx, issue.id, subscriber.id);
  if (known === undefined) {
    const now = core.clock();
    await planSubscribers(trx, issue, [audience(subscriber)], () => ({ at: now, day: '' }), now);
    await countJoiners(trx, issue.id, 1);
  } else if (known.state === 'suppressed' || known.state === 'expired') {
    await replan(trx, issue.id, {
      subscriberId: subscriber.id,
      address: subscriber.email,
      dueAt: core.clock(),
      dueDay: '',
      profileId: await profileIdOf(trx, subscriber),
    });
    await reopenIssue(trx, issue.id);
  }
}

export async function moveUnsent(
  core: Core,
  trx: Trx,
  before: Subscriber,
  subscriber: Subscriber,
): Promise<void> {
  if (sameWishes(before, subscriber)) return;
  if (kindFor(before) === kindFor(subscriber)) return replanSubscriber(core, trx, subscriber);
  // What is unsent was of the other kind. Who now wants a weekly one has had the week's papers: the next is theirs.
  await suppressUnsent(trx, subscriber.id, kindFor(subscriber), core.clock());
  if (kindFor(subscriber) === 'daily') await replanSubscriber(core, trx, subscriber);
}

/** Plans a subscriber's delivery of the newest issue by what they want now, if it is unsent. */
export async function replanSubscriber(core: Core, trx: Trx, subscriber: Subscriber): Promise<void> {
  const issue = await issueForJoiners(core, trx, kindFor(subscriber));
  const known = issue && (await findDelivery(trx, issue.id, subscriber.id));
  if (!issue) return;
  if (!known) return joinSubscribers(core, trx, [subscriber]);
  const isOpen = known.state === 'planned' || known.state === 'deferred' || known.state === 'suppressed';
  if (known.welcome || !isOpen) return;
  const lastDays = await lastDaysMailed(trx, [subscriber.id]);
  const due = dueTable(Math.max(core.clock(), issue.frozenAt), defaultsOf(core));
  const { at, day } = due(wantsOf(audience(subscriber)), lastDays.get(subscriber.id));
  await replan(trx, issue.id, {
    subscriberId: subscriber.id,
    address: subscriber.email,
    dueAt: at,
    dueDay: day,
    profileId: await profileIdOf(trx, subscriber),
  });
  await withholdPaused(trx, [subscriber.id], core.clock());
  await reopenIssue(trx, issue.id);
}

function sameWishes(a: Subscriber, b: Subscriber): boolean {
  const wishes = ({ email, timezone, deliverAt, days, pausedUntil, picks, topics }: Subscriber) =>
    JSON.stringify([email, timezone, deliverAt, days, pausedUntil, picks, topics]);
  return wishes(a) === wishes(b);
}

/** The newest issue of a kind; a sample only where mails are files. */
async function issueForJoiners(core: Core, trx: Trx, kind: IssueKind): Promise<StoredIssue | undefined> {
  return latestIssue(trx, kind, { orSample: !usesSmtp(core.config) });
}

export function kindFor({ days }: Pick<Subscriber, 'days'>): IssueKind {
  return isWeekly(days) ? 'weekly' : 'daily';
}

async function profileIdOf(trx: Trx, subscriber: Subscriber): Promise<number> {
  const library = (await knownLibraries(trx, [subscriber.id])).get(subscriber.id);
  const [id = COMMON] = await saveProfiles(trx, [profileOf(audience(subscriber), library)]);
  return id;
}

export function audience({ id, email, timezone, deliverAt, days, topics, picks, pausedUntil }: Subscriber) {
  const kept = { topics: JSON.stringify(topics), picks, paused_until: pausedUntil };
  return { id, email, timezone, deliver_at: deliverAt, days, ...kept };
}
