import type { Db, Row } from '../db/schema.ts';
import { storedChoice } from '../db/stored.ts';
import type { Day } from '../domain/day.ts';
import { type Candidate, PUBLISHED_STATES } from '../domain/issue.ts';
import { isDated } from './issues.ts';

export type IssueLine = Pick<Row<'issues'>, (typeof LINE)[number]>;
const LINE = ['kind', 'date', 'state', 'reason', 'number', 'subject'] as const;

/** Newest first, in any state, without samples: what a list shows, without reading the issues themselves. */
export async function issueLines(db: Db, options: { limit: number; before?: Day }): Promise<IssueLine[]> {
  let query = db.selectFrom('issues').where('sample', '=', 0);
  if (options.before !== undefined) query = query.where('date', '<', options.before);
  const rows = await query.select(LINE).orderBy('date', 'desc').limit(options.limit).execute();
  return rows.filter(isDated);
}

/** The published issues of a kind before and after a date. */
export async function neighbours(
  db: Db,
  { kind, date }: Pick<IssueLine, 'kind' | 'date'>,
): Promise<{ readonly previous: IssueLine | undefined; readonly next: IssueLine | undefined }> {
  const published = db
    .selectFrom('issues')
    .where('sample', '=', 0)
    .where('kind', '=', kind)
    .where('state', 'in', PUBLISHED_STATES)
    .select(LINE)
    .limit(1);
  const [previous, next] = await Promise.all([
    published.where('date', '<', date).orderBy('date', 'desc').executeTakeFirst(),
    published.where('date', '>', date).orderBy('date').executeTakeFirst(),
  ]);
  return {
    previous: previous && isDated(previous) ? previous : undefined,
    next: next && isDated(next) ? next : undefined,
  };
}

/** Everything an issue chose from, best first. */
export async function chosenFrom(db: Db, id: number): Promise<Candidate[]> {
  const query = db.selectFrom('issues').select('candidates').where('id', '=', id);
  const row = await query.executeTakeFirst();
  return storedChoice(row?.candidates ?? '[]') ?? [];
}
