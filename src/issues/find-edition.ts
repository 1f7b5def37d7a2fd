import { issueClockOf } from '../config/load.ts';
import type { Core } from '../core.ts';
import type { Db } from '../db/schema.ts';
import { type Day, daysBetween, weekday } from '../domain/day.ts';
import { currentEdition, dailyEdition, type Edition, nextFreeze } from '../domain/edition.ts';
import { Fault } from '../domain/fault.ts';
import { weekOf } from '../domain/slug.ts';
import { findIssue, findWeekly, type IssueRow } from '../ledger/issues.ts';

export type { Edition } from '../domain/edition.ts';
export type { IssueRow } from '../ledger/issues.ts';

/** The edition that is frozen next. */
export function nextEdition(core: Core): Edition {
  const issueClock = issueClockOf(core.config);
  return currentEdition(nextFreeze(core.clock(), issueClock), issueClock);
}

/** The edition of a day; without one, the newest whose freezing moment has come. */
export function editionOn(core: Core, date?: Day): Edition {
  const issueClock = issueClockOf(core.config);
  return date === undefined ? currentEdition(core.clock(), issueClock) : dailyEdition(date, issueClock);
}

/** The edition with a name: a date, or a week such as `2026-W34`. */
export function editionBySlug(core: Core, slug: string): Edition {
  const issueClock = issueClockOf(core.config);
  const week = weekOf(slug);
  if (week === undefined) return dailyEdition(slug, issueClock);
  const date = daysBetween(week.first, week.last).find((day) => weekday(day) === issueClock.weeklyOn);
  return { ...dailyEdition(date ?? week.last, issueClock), kind: 'weekly' };
}

/** What is known of an issue, by its date or its week; without one, of the day's sample. */
export async function findBySlug(db: Db, slug: string): Promise<IssueRow | undefined> {
  const week = weekOf(slug);
  if (week) return findWeekly(db, week);
  return (await findIssue(db, 'daily', slug)) ?? (await findIssue(db, 'daily', slug, true));
}

/** @param slug a date, or a week such as `2026-W34` @throws Fault ISSUE_UNKNOWN */
export async function issueCalled(db: Db, slug: string): Promise<IssueRow> {
  const row = await findBySlug(db, slug);
  if (row) return row;
  throw new Fault(
    'ISSUE_UNKNOWN',
    `There is no issue of ${slug}.`,
    '"offprint issue list" shows all issues.',
  );
}
