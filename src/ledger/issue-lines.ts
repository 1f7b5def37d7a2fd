import type { Db, Row } from '../db/schema.ts';
import { storedChoice } from '../db/stored.ts';
import type { Day } from '../domain/day.ts';
import { type Candidate, type IssueKind, PUBLISHED_STATES } from '../domain/issue.ts';
import { isDated } from './issues.ts';

export type IssueLine = Pick<Row<'issues'>, (typeof LINE)[number]>;
const LINE = ['kind', 'date', 'state', 'reason', 'number', 'subject', 'preheader'] as const;

/** Newest first, in any state, without samples: what a list shows, without reading the issues themselves. */
export async function issueLines(db: Db, options: { limit: number; before?: Day }): Promise<IssueLine[]> {
  let query = db.selectFrom('issues').where('sample', '=', 0);
  if (options.before !== undefined) query = query.where('date', '<', options.before);
  const rows = await query.select(LINE).orderBy('date', 'desc').limit(options.limit).execute();
  return rows.filter(isDated);
}

export type Neighbours = { readonly previous?: IssueLine; readonly next?: IssueLine };

/** The published issues of a kind before and after some days, over days without one. @param last if not the same as `first` */
export async function neighboursOf(
  db: Db,
  kind: IssueKind,
  first: Day,
  last: Day = first,
): Promise<Neighbours> {
  const published = db
    .selectFrom('issues')
    .select(LINE)
    .where('kind', '=', kind)
    .where('sample', '=', 0)
    .where('state', 'in', PUBLISHED_STATES)
    .limit(1);
  const before = published.where('date', '<', first).orderBy('date', 'desc');
  const after = published.where('date', '>', last).orderBy('date');
  const [previous] = (await before.execute()).filter(isDated);
  const [next] = (await after.execute()).filter(isDated);
  return { ...(previous && { previous }), ...(next && { next }) };
}

/** Everything an issue chose from, best first. */
export async function chosenFrom(db: Db, id: number): Promise<Candidate[]> {
  const query = db.selectFrom('issues').select('candidates').where('id', '=', id);
  const row = await query.executeTakeFirst();
  return storedChoice(row?.candidates ?? '[]') ?? [];
}
