import type { Db } from '../db/schema.ts';
import type { Day } from '../domain/day.ts';
import { PUBLISHED_STATES, type StoredIssue } from '../domain/issue.ts';
import { issues, toIssueRow } from './issues.ts';

/** The published issues of some days, in their order. */
export async function issuesBetween(db: Db, first: Day, last: Day): Promise<StoredIssue[]> {
  const rows = await issues(db)
    .where('kind', '=', 'daily')
    .where('sample', '=', 0)
    .where('state', 'in', PUBLISHED_STATES)
    .where('date', '>=', first)
    .where('date', '<=', last)
    .orderBy('date')
    .execute();
  return rows.flatMap((row) => toIssueRow(row).issue ?? []);
}
