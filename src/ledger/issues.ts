import type { Db, Row, Trx } from '../db/schema.ts';
import { storedIssue } from '../db/stored.ts';
import { type Day, parseDay } from '../domain/day.ts';
import {
  type ComposedIssue,
  type Issue,
  type IssueKind,
  type IssueState,
  PUBLISHED_STATES,
  type StoredIssue,
} from '../domain/issue.ts';
import type { Instant } from '../domain/time.ts';
import { saveIssuePapers } from './issue-papers.ts';

/** A day's issue, or the record that it has none and why. */
export type IssueRow = {
  readonly id: number;
  readonly kind: IssueKind;
  readonly date: Day;
  readonly state: IssueState;
  readonly sample: boolean;
  readonly reason: string;
  readonly frozenAt: Instant;
  readonly audience: number;
  readonly plannedAt: Instant | null;
  /** Absent when nothing was frozen, or when it can no longer be read. */
  readonly issue?: StoredIssue;
};

export async function findIssue(
  db: Db,
  kind: IssueKind,
  date: Day,
  sample = false,
): Promise<IssueRow | undefined> {
  const row = await issues(db)
    .where('kind', '=', kind)
    .where('date', '=', date)
    .where('sample', '=', Number(sample))
    .executeTakeFirst();
  return row && toIssueRow(row);
}

/** The weekly issue of one of the days, if there is one. */
export async function findWeekly(
  db: Db,
  { first, last }: { first: Day; last: Day },
): Promise<IssueRow | undefined> {
  const row = await issues(db)
    .where('kind', '=', 'weekly')
    .where('date', '>=', first)
    .where('date', '<=', last)
    .orderBy('date', 'desc')
    .executeTakeFirst();
  return row && toIssueRow(row);
}

export async function findIssueById(db: Db, id: number): Promise<IssueRow | undefined> {
  const row = await issues(db).where('id', '=', id).executeTakeFirst();
  return row && toIssueRow(row);
}

/** The newest published issue of a kind; with none, the newest sample, when `orSample` asks for it. */
export async function latestIssue(
  db: Db,
  kind: IssueKind,
  options: { orSample: boolean },
): Promise<StoredIssue | undefined> {
  const [latest] = await newestIssues(db, kind, 1);
  return latest?.sample && !options.orSample ? undefined : latest;
}

/** Published issues of a kind, newest first; the newest sample where none was ever published. */
export async function newestIssues(db: Db, kind: IssueKind, count: number): Promise<StoredIssue[]> {
  const found: StoredIssue[] = [];
  for (let offset = 0, rows: StoredRow[] = []; found.length < count; offset += rows.length) {
    rows = await issues(db)
      .where('kind', '=', kind)
      .where('state', 'in', PUBLISHED_STATES)
      .orderBy('sample')
      .orderBy('frozen_at', 'desc')
      .orderBy('id', 'desc')
      .offset(offset)
      .limit(count)
      .execute();
    // An unreadable one must not take another's place.
    found.push(...rows.flatMap((row) => toIssueRow(row).issue ?? []));
    if (rows.length < count) break;
  }
  const published = found.filter((issue) => !issue.sample);
  return published.length > 0 ? published.slice(0, count) : found.slice(0, 1);
}

/** Newest first, whatever their state; samples only when asked for. */
export async function listIssues(
  db: Db,
  options: { limit: number; before?: Day; samples?: boolean },
): Promise<IssueRow[]> {
  let query = issues(db);
  if (!options.samples) query = query.where('sample', '=', 0);
  if (options.before !== undefined) query = query.where('date', '<', options.before);
  const rows = await query.orderBy('date', 'desc').orderBy('sample').limit(options.limit).execute();
  return rows.filter(isDated).map(toIssueRow);
}

/** Issues whose audience is still being planned. */
export async function unplannedIssues(db: Db): Promise<IssueRow[]> {
  const rows = await issues(db)
    .where('state', 'in', ['frozen', 'stopped'])
    .where('planned_at', 'is', null)
    .execute();
  return rows.filter(isDated).map(toIssueRow);
}

const HIGHEST_NUMBER = 1_000_000;

export async function nextNumber(db: Db, kind: IssueKind): Promise<number> {
  const query = db
    .selectFrom('issues')
    .where('kind', '=', kind)
    .where('sample', '=', 0)
    // SQLite keeps whatever was written into a column.
    .where('number', '>', 0)
    .where('number', '<', HIGHEST_NUMBER);
  const last = (await query.select((e) => e.fn.max('number').as('last')).executeTakeFirst())?.last ?? 0;
  return Math.floor(last) + 1;
}

/**
 * Stores the frozen issue, replacing the day's `held` or `skipped` record if there is one.
 * @param audience how many subscribers it is for, counted in the same transaction
 * @returns its id, or `undefined` when the day has an issue already: the one that is there stays
 */
export async function freezeIssue(
  trx: Trx,
  { candidates, ...issue }: ComposedIssue,
  audience: number,
): Promise<number | undefined> {
  const values = {
    kind: issue.kind,
    date: issue.date,
    number: issue.sample ? null : issue.number,
    sample: Number(issue.sample),
    state: 'frozen' as const,
    reason: '',
    frozen_at: issue.frozenAt,
    body: JSON.stringify(issue),
    subject: issue.subject,
    preheader: issue.preheader,
    candidates: JSON.stringify(candidates),
    audience,
    joined: 0,
    planned_at: null,
  };
  const row = await trx
    .insertInto('issues')
    .values(values)
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'date', 'sample'])
        .doUpdateSet(values)
        .where('issues.state', 'in', ['held', 'skipped']),
    )
    .returning('id')
    .executeTakeFirst();
  if (row && !issue.sample) await saveIssuePapers(trx, issue, row.id);
  return row?.id;
}

/** Records that a day has no issue; never replaces a published one. */
export async function recordNoIssue(
  db: Db,
  day: { kind: IssueKind; date: Day; state: 'skipped' | 'held'; reason: string; frozenAt: Instant },
): Promise<void> {
  const { frozenAt, ...rest } = day;
  await db
    .insertInto('issues')
    .values({
      ...rest,
      frozen_at: frozenAt,
      number: null,
      sample: 0,
      body: null,
      audience: 0,
      joined: 0,
      planned_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'date', 'sample'])
        .doUpdateSet({ state: day.state, reason: day.reason, frozen_at: frozenAt })
        .where('issues.state', 'in', ['held', 'skipped']),
    )
    .execute();
}

/** Whether the audience of an issue still has to be planned, by any process. */
export async function isUnplanned(db: Db, id: number): Promise<boolean> {
  const query = db.selectFrom('issues').select('id').where('id', '=', id).where('planned_at', 'is', null);
  return (await query.executeTakeFirst()) !== undefined;
}

export async function markPlanned(db: Db, id: number, now: Instant): Promise<void> {
  await db
    .updateTable('issues')
    .set({ planned_at: now })
    .where('id', '=', id)
    .where('planned_at', 'is', null)
    .execute();
}

export function issues(db: Db) {
  return db
    .selectFrom('issues')
    .select(['id', 'kind', 'date', 'number', 'sample', 'state', 'reason', 'frozen_at'])
    .select(['body', 'subject', 'audience', 'joined', 'planned_at']);
}

/** The frozen issue, if it can be read and matches its row. */
function frozenIn({ kind, date, frozen_at, body }: StoredRow): Issue | undefined {
  const issue = storedIssue(body);
  const isOfRow = issue?.kind === kind && issue.date === date && issue.frozenAt === frozen_at;
  return isOfRow ? issue : undefined;
}

/** A row with an invalid date has no name: nobody could ask for it. */
export function isDated({ date }: Pick<StoredRow, 'date'>): boolean {
  return parseDay(date) !== undefined;
}

/** A row without the long list of candidates. */
type StoredRow = Omit<Row<'issues'>, 'candidates' | 'released_at' | 'preheader'>;

export function toIssueRow(row: StoredRow): IssueRow {
  const issue = frozenIn(row);
  return {
    id: row.id,
    kind: row.kind,
    date: row.date,
    state: row.state,
    sample: row.sample === 1,
    reason: row.reason,
    frozenAt: row.frozen_at,
    audience: row.audience + row.joined,
    plannedAt: row.planned_at,
    ...(issue && { issue: { ...issue, id: row.id, state: row.state } }),
  };
}
