import { EVERY_DAY, isWeekly } from '../domain/days.ts';
import type { Preferences, Profile } from '../domain/subscriber.ts';
import type { Instant } from '../domain/time.ts';
import { dueTable } from '../schedule/due.ts';
import { learnLedger } from '../store/dialect.ts';
import { type IssueRow, isUnplanned, markPlanned, unplannedIssues } from '../store/issues.ts';
import { lastDaysHad, type PlannedDelivery, plan, withholdPaused } from '../store/plan.ts';
import { COMMON, keepProfiles } from '../store/profiles.ts';
import type { Trx } from '../store/schema.ts';
import { type Audience, readersAfter } from '../store/subscribers.ts';
import { supersede } from '../store/supersede.ts';
import { type App, usesSmtp } from './wire.ts';

/** One slice's share of the event loop: pages are answered between slices. */
const SLICE_MS = 20;

/**
 * Gives each reader their delivery of the issues that were frozen, in slices by id; whoever is interrupted
 * starts over, since a reader who has a delivery gets no second one. Nothing is sent before the last slice.
 */
export async function planAudiences(app: App): Promise<void> {
  for (const issue of await unplannedIssues(app.store.db)) {
    if (hasAudience(app, issue)) await planAudience(app, issue);
    await markPlanned(app.store.db, issue.id, app.clock());
    await learnLedger(app.store.db);
  }
}

/** A sample is for nobody where mails go to mailboxes. */
export function hasAudience(app: App, issue: Pick<IssueRow, 'sample'>): boolean {
  return !(issue.sample && usesSmtp(app.config));
}

async function planAudience(app: App, issue: IssueRow): Promise<void> {
  const due = dueTable(issue.frozenAt);
  let size = 100;
  for (let afterId = 0; ; ) {
    const startedAt = performance.now();
    const last = await app.store.db
      .transaction()
      .execute((trx) => planSlice(trx, issue, due, { afterId, size, now: app.clock() }));
    if (last === undefined) return;
    afterId = last;
    size = Math.max(
      20,
      Math.min(2000, Math.round((size * SLICE_MS) / Math.max(1, performance.now() - startedAt))),
    );
    await new Promise(setImmediate);
  }
}

type Slice = { readonly afterId: number; readonly size: number; readonly now: number };

/** @returns the last id of the slice, or `undefined` when nobody is left */
async function planSlice(
  trx: Trx,
  issue: IssueRow,
  due: DueOf,
  { afterId, size, now }: Slice,
): Promise<number | undefined> {
  const readers = await readersAfter(trx, issue.kind, afterId, size);
  // Another process may have finished this, and somebody cancelled the issue since.
  if (readers.length === 0 || !(await isUnplanned(trx, issue.id))) return undefined;
  await planReaders(trx, issue, readers, due, now);
  if (!issue.sample) {
    const ids = readers.map((reader) => reader.id);
    await supersede(trx, issue.id, ids, now);
  }
  return readers.at(-1)?.id;
}

type DueOf = ReturnType<typeof dueTable>;

/**
 * Gives the readers their delivery of the issue if they have none.
 * @returns how many got one now
 */
export async function planReaders(
  trx: Trx,
  issue: Pick<IssueRow, 'id' | 'sample'>,
  readers: readonly Audience[],
  due: DueOf,
  now: Instant,
): Promise<number> {
  const had = await lastDaysHad(
    trx,
    readers.map((reader) => reader.id),
  );
  const profiles = await keepProfiles(trx, readers.map(profileOf));
  const planned = readers.map((reader, index): PlannedDelivery => {
    const { at, day } = due(wantsOf(reader), had.get(reader.id));
    return {
      subscriberId: reader.id,
      address: reader.email,
      dueAt: at,
      // A sample counts for no day: the first real issue may come on the same one.
      dueDay: issue.sample ? '' : day,
      profileId: issue.sample ? COMMON : (profiles[index] ?? COMMON),
    };
  });
  const count = await plan(trx, issue.id, planned);
  const paused = readers.filter((reader) => reader.paused_until > 0).map((reader) => reader.id);
  await withholdPaused(trx, paused, now);
  return count;
}

/** A weekly issue comes at the reader's hour, whatever the day. */
export function wantsOf(reader: Audience): Preferences {
  const days = isWeekly(reader.days) ? EVERY_DAY : reader.days;
  return { timezone: reader.timezone, deliverAt: reader.deliver_at, days };
}

export function profileOf({ topics, picks }: Pick<Audience, 'topics' | 'picks'>): Profile {
  return { topics: JSON.parse(topics) as string[], ...(picks !== null && { count: picks }) };
}
