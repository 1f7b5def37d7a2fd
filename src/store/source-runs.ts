import type { SourceOutcome, SourceStatus } from '../domain/source.ts';
import type { Instant } from '../domain/time.ts';
import type { Db } from './schema.ts';

export type SourceRun = {
  readonly source: string;
  readonly at: Instant;
  readonly outcome: SourceOutcome;
  readonly items: number;
  readonly reason: string;
  readonly bytes: number;
  readonly durationMs: number;
};

export async function keepRun(db: Db, run: SourceRun): Promise<void> {
  const { durationMs, ...rest } = run;
  await db
    .insertInto('source_runs')
    .values({ ...rest, duration_ms: durationMs })
    .execute();
}

/** The last run of each source that was ever read, and its last good one. */
export async function sourceStatuses(db: Db): Promise<SourceStatus[]> {
  const rows = await db
    .selectFrom('source_runs as run')
    .innerJoin(
      (e) =>
        e
          .selectFrom('source_runs')
          .select((s) => ['source', s.fn.max('id').as('last_id')])
          .groupBy('source')
          .as('newest'),
      (join) => join.onRef('newest.last_id', '=', 'run.id'),
    )
    .select((e) => [
      'run.source as name',
      'run.outcome',
      'run.items',
      'run.reason',
      'run.at',
      e
        .selectFrom('source_runs as good')
        .select((g) => g.fn.max('good.at').as('at'))
        .whereRef('good.source', '=', 'run.source')
        .where('good.outcome', '<>', 'failed')
        .as('lastGood'),
    ])
    .orderBy('name')
    .execute();
  return rows.map((row) => ({ ...row, lastGood: row.lastGood ?? null }));
}
