import { usesSmtp } from '../config/load.ts';
import type { Core } from '../core.ts';
import { analyzeDeliveries } from '../db/dialect.ts';
import type { Trx } from '../db/schema.ts';
import { inSlices } from '../db/slices.ts';
import { storedStrings } from '../db/stored.ts';
import type { Day } from '../domain/day.ts';
import { dueTable } from '../domain/due.ts';
import { messageOf } from '../domain/failure.ts';
import type { SetAside } from '../domain/set-aside.ts';
import type { Preferences, Profile } from '../domain/subscriber.ts';
import type { Instant } from '../domain/time.ts';
import { EVERY_DAY, isWeekly } from '../domain/weekdays.ts';
import { type IssueRow, isUnplanned, markPlanned, unplannedIssues } from '../ledger/issues.ts';
import {
  lastDaysMailed,
  type PlannedDelivery,
  plan,
  planWithheld,
  withholdPaused,
} from '../ledger/plan-rows.ts';
import { COMMON, saveProfiles } from '../ledger/profiles.ts';
import { reportAside } from '../ledger/set-aside.ts';
import { supersede } from '../ledger/supersede.ts';
import { knownLibraries } from '../papers/library/library-table.ts';
import { type Audience, audienceAfter } from './subscribers-table.ts';

/** One slice's share of the event loop: pages are answered between slices. */
const SLICE_MS = 20;

/**
 * Gives each subscriber their delivery of the issues that were frozen, in slices by id; whoever is interrupted
 * starts over, since a subscriber who has a delivery gets no second one. Nothing is sent before the last slice.
 */
export async function planAudiences(core: Core): Promise<void> {
  const failures: unknown[] = [];
  for (const issue of await unplannedIssues(core.store.db))
    await planIssue(core, issue).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

async function planIssue(core: Core, issue: IssueRow): Promise<void> {
  if (hasAudience(core, issue)) await planAudience(core, issue);
  await markPlanned(core.store.db, issue.id, core.clock());
  await analyzeDeliveries(core.store.db);
}

/** A sample is for nobody where mails go to mailboxes. */
export function hasAudience(core: Core, issue: Pick<IssueRow, 'sample'>): boolean {
  return !(issue.sample && usesSmtp(core.config));
}

async function planAudience(core: Core, issue: IssueRow): Promise<void> {
  const due = dueTable(issue.frozenAt, defaultsOf(core));
  const problems = new Problems();
  /** Subscribers whose delivery cannot be planned: they are written down last, when it is known that others can. */
  const left: Audience[] = [];
  let afterId = 0;
  await inSlices({
    most: 2000,
    first: 100,
    next: (limit, ms) => Math.max(20, Math.round((limit * SLICE_MS) / Math.max(1, ms))),
    work: (limit) =>
      core.store.db.transaction().execute(async (trx) => {
        const subscribers = await subscribersLeft(trx, issue, afterId, limit);
        for (const { id, problem } of await planSlice(trx, issue, subscribers, due, core.clock()))
          problems.add(id, problem);
        afterId = subscribers.at(-1)?.id ?? afterId;
        return subscribers.length;
      }),
    setAside: async (error) => {
      const [subscriber] = await audienceAfter(core.store.db, issue.kind, afterId, 1);
      if (subscriber === undefined) return;
      left.push(subscriber);
      problems.add(subscriber.id, `could not be planned: ${messageOf(error)}`);
      afterId = subscriber.id;
    },
  });
  await core.store.db
    .transaction()
    .execute((trx) => planWithheld(trx, issue.id, left, 'could not be planned', core.clock()));
  await reportAside(core, problems.list());
}

/** Nobody when another process has finished this, or somebody cancelled the issue since. */
async function subscribersLeft(
  trx: Trx,
  issue: IssueRow,
  afterId: number,
  limit: number,
): Promise<readonly Audience[]> {
  return (await isUnplanned(trx, issue.id)) ? audienceAfter(trx, issue.kind, afterId, limit) : [];
}

async function planSlice(
  trx: Trx,
  issue: IssueRow,
  subscribers: readonly Audience[],
  due: DueOf,
  now: Instant,
): Promise<readonly Problem[]> {
  if (subscribers.length === 0) return [];
  const { problems } = await planSubscribers(trx, issue, subscribers, due, now);
  if (!issue.sample) {
    const ids = subscribers.map((subscriber) => subscriber.id);
    await supersede(trx, issue.id, ids, now);
  }
  return problems;
}

type DueOf = (
  wants: Preferences,
  after?: Day | '',
) => { readonly at: Instant; readonly day: Day | ''; readonly problem?: string };

/** What was wrong with a subscriber's row, who is planned all the same. */
type Problem = { readonly id: number; readonly problem: string };

/** Many subscribers may have one problem: a zone that is not known any more, say. */
class Problems {
  readonly #subscribers = new Map<string, { readonly first: number; count: number }>();

  add(id: number, problem: string): void {
    const known = this.#subscribers.get(problem) ?? { first: id, count: 0 };
    known.count += 1;
    this.#subscribers.set(problem, known);
  }

  list(): SetAside[] {
    return [...this.#subscribers].map(([problem, { first, count }]) => ({
      kind: 'subscriber',
      ref: problem,
      reason: count === 1 ? `subscriber ${first}` : `subscriber ${first} and ${count - 1} more`,
    }));
  }
}

/** By what a subscriber is planned whose own settings cannot be read. */
export function defaultsOf({ config }: Core): Pick<Preferences, 'timezone' | 'deliverAt'> {
  return { timezone: config.DEFAULT_TIMEZONE, deliverAt: config.DELIVER_AT };
}

/**
 * Gives the subscribers their delivery of the issue if they have none.
 * @returns how many were planned now, and whose row could not be read whole
 */
export async function planSubscribers(
  trx: Trx,
  issue: Pick<IssueRow, 'id' | 'sample'>,
  subscribers: readonly Audience[],
  due: DueOf,
  now: Instant,
): Promise<{ readonly count: number; readonly problems: readonly Problem[] }> {
  const lastDays = await lastDaysMailed(
    trx,
    subscribers.map((subscriber) => subscriber.id),
  );
  const libraries = await knownLibraries(
    trx,
    subscribers.map((subscriber) => subscriber.id),
  );
  const wishes = subscribers.map((subscriber) => profileOf(subscriber, libraries.get(subscriber.id)));
  const profiles = await saveProfiles(trx, wishes);
  const problems: Problem[] = [];
  const planned = subscribers.map((subscriber, index): PlannedDelivery => {
    const { at, day, problem } = due(wantsOf(subscriber), lastDays.get(subscriber.id));
    if (problem) problems.push({ id: subscriber.id, problem });
    if (wishes[index]?.problem) problems.push({ id: subscriber.id, problem: wishes[index].problem });
    return {
      subscriberId: subscriber.id,
      address: subscriber.email,
      dueAt: at,
      // A sample counts for no day: the first real issue may come on the same one.
      dueDay: issue.sample ? '' : day,
      profileId: issue.sample ? COMMON : (profiles[index] ?? COMMON),
    };
  });
  const count = await plan(trx, issue.id, planned);
  const paused = subscribers
    .filter((subscriber) => subscriber.paused_until > 0)
    .map((subscriber) => subscriber.id);
  await withholdPaused(trx, paused, now);
  return { count, problems };
}

/** A weekly issue comes at the subscriber's hour, whatever the day. */
export function wantsOf(subscriber: Audience): Preferences {
  const days = isWeekly(subscriber.days) ? EVERY_DAY : subscriber.days;
  return { timezone: subscriber.timezone, deliverAt: subscriber.deliver_at, days };
}

/**
 * @param library as in a `Profile`
 * @returns `problem` where the topics cannot be read: the subscriber is then planned as if they had none
 */
export function profileOf(
  { topics, picks }: Pick<Audience, 'topics' | 'picks'>,
  library: readonly string[] = [],
): Profile & { readonly problem?: string } {
  const rest = {
    ...(Number.isInteger(picks) && Number(picks) > 0 && { count: Number(picks) }),
    ...(library.length > 0 && { library }),
  };
  const read = topics === '[]' ? [] : storedStrings(topics);
  return read ? { topics: read, ...rest } : { topics: [], ...rest, problem: 'the topics cannot be read' };
}
