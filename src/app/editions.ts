import type { Day } from '../domain/day.ts';
import { Fault } from '../domain/fault.ts';
import { type Edition, editionAt, editionOf, nextFreeze } from '../schedule/freeze.ts';
import { findIssue, type IssueRow } from '../store/issues.ts';
import type { App } from './wire.ts';

export type { Edition } from '../schedule/freeze.ts';
export type { IssueRow } from '../store/issues.ts';

/** The edition that is frozen next. */
export function upcoming(app: App): Edition {
  return editionAt(nextFreeze(app.clock(), app.issueClock), app.issueClock);
}

/** The edition of a day; without one, the newest whose freezing moment has come. */
export function editionFor(app: App, date?: Day): Edition {
  return date === undefined ? editionAt(app.clock(), app.issueClock) : editionOf(date, app.issueClock);
}

/** What is known of a day: its issue, else its sample. @throws Fault ISSUE_UNKNOWN */
export async function issueOfDay(app: App, date: Day): Promise<IssueRow> {
  const { db } = app.store;
  const row = (await findIssue(db, 'daily', date)) ?? (await findIssue(db, 'daily', date, true));
  if (row) return row;
  throw new Fault(
    'ISSUE_UNKNOWN',
    `There is no issue of ${date}.`,
    '"offprint issue list" shows those there are.',
  );
}
