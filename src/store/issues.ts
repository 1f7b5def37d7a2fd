import type { Day } from '../domain/day.ts';
import type { ComposedIssue, Issue, IssueKind, IssueState, StoredIssue } from '../domain/issue.ts';
import type { Instant } from '../domain/time.ts';
import { atomically } from './dialect.ts';
import { keepPapers } from './issue-papers.ts';
import type { Db, Row, Trx } from './schema.ts';

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
  /** Absent when nothing was frozen. */
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
  const rows = await issues(db)
    .where('kind', '=', kind)
    .where('state', 'in', ['frozen', 'done'])
    .orderBy('sample')
    .orderBy('frozen_at', 'desc')
    .limit(count)
    .execute();
  const found = rows.flatMap((row) => toIssueRow(row).issue ?? []);
  const published = found.filter((issue) => !issue.sample);
  return published.length > 0 ? published : found.slice(0, 1);
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
  return rows.map(toIssueRow);
}

/** Issues whose audience is still being planned. */
export async function unplannedIssues(db: Db): Promise<IssueRow[]> {
  const rows = await issues(db).where('state', '=', 'frozen').where('planned_at', 'is', null).execute();
  return rows.map(toIssueRow);
}

export async function nextNumber(db: Db, kind: IssueKind): Promise<number> {
  const query = db.selectFrom('issues').where('kind', '=', kind).where('sample', '=', 0);
  return ((await query.select((e) => e.fn.max('number').as('last')).executeTakeFirst())?.last ?? 0) + 1;
}

/**
 * Stores the frozen value, or puts it in place of the day's `held` or `skipped` record.
 * @param audience how many readers it is for, counted in the same transaction
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
  if (row && !issue.sample) await keepPapers(trx, issue, row.id);
  return row?.id;
}

/** Records that a day has no issue, for all to see; never in place of a published one. */
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

/** Whether the audience of an issue is still to be planned, by whichever process. */
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

export async function setIssueState(db: Db, id: number, state: IssueState, reason = ''): Promise<void> {
  await db.updateTable('issues').set({ state, reason }).where('id', '=', id).execute();
}

/** Ends the issues whose every delivery has come to its end, and gives them; what is uncertain waits for a person. */
export async function finishIssues(db: Db): Promise<number[]> {
  const finished = await atomically(db, (trx) =>
    trx
      .updateTable('issues')
      .set({ state: 'done' })
      .where('state', '=', 'frozen')
      .where('planned_at', 'is not', null)
      .where((e) =>
        e.not(
          e.exists(
            e
              .selectFrom('deliveries')
              .select('issue_id')
              .whereRef('deliveries.issue_id', '=', 'issues.id')
              .where('deliveries.state', 'in', ['planned', 'sending', 'deferred']),
          ),
        ),
      )
      .returning('id')
      .execute(),
  );
  return finished.map(({ id }) => id);
}

/** So many more readers than were counted at the freeze; the issue is open again. */
export async function countJoiners(trx: Trx, id: number, count: number): Promise<void> {
  await trx
    .updateTable('issues')
    .set((e) => ({ joined: e('joined', '+', count), state: 'frozen' }))
    .where('id', '=', id)
    .execute();
}

export function issues(db: Db) {
  return db
    .selectFrom('issues')
    .select(['id', 'kind', 'date', 'number', 'sample', 'state', 'reason', 'frozen_at'])
    .select(['body', 'subject', 'audience', 'joined', 'planned_at']);
}

export function toIssueRow(row: Omit<Row<'issues'>, 'candidates'>): IssueRow {
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
    ...(row.body !== null && { issue: { ...(JSON.parse(row.body) as Issue), id: row.id, state: row.state } }),
  };
}
