import { inTransaction } from '../db/dialect.ts';
import type { Db } from '../db/schema.ts';
import type { Day } from '../domain/day.ts';
import type { SourceOutcome, SourceStatus } from '../domain/source.ts';
import { DAY, type Instant } from '../domain/time.ts';

export type SourceRun = {
  readonly source: string;
  readonly at: Instant;
  readonly outcome: SourceOutcome;
  readonly items: number;
  readonly reason: string;
  readonly bytes: number;
  readonly durationMs: number;
  readonly batchOn?: Day;
};

/** For how long the history of a source is kept. */
const HISTORY = 90 * DAY;

export async function saveSourceRun(db: Db, run: SourceRun): Promise<void> {
  const { durationMs, batchOn = null, ...rest } = run;
  await inTransaction(db, async (trx) => {
    await trx
      .insertInto('source_runs')
      .values({ ...rest, duration_ms: durationMs, batch_on: batchOn })
      .execute();
    await trx
      .deleteFrom('source_runs')
      .where('source', '=', run.source)
      .where('at', '<', run.at - HISTORY)
      .execute();
  });
}

/** The last run of a source that gave something to read. */
export async function lastReading(
  db: Db,
  source: string,
): Promise<(Pick<SourceRun, 'items' | 'outcome' | 'reason'> & { batchOn: Day | null }) | undefined> {
  return db
    .selectFrom('source_runs')
    .select(['items', 'outcome', 'reason', 'batch_on as batchOn'])
    .where('source', '=', source)
    .where('outcome', '<>', 'failed')
    .orderBy('id', 'desc')
    .executeTakeFirst();
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
      'run.bytes',
      'run.duration_ms as durationMs',
      e
        .selectFrom('source_runs as good')
        .select((g) => g.fn.max('good.at').as('at'))
        .whereRef('good.source', '=', 'run.source')
        .where('good.outcome', '<>', 'failed')
        .as('lastGood'),
      e
        .selectFrom('source_runs as same')
        .select((c) => c.fn.countAll<number>().as('count'))
        .whereRef('same.source', '=', 'run.source')
        .where('same.id', '>', (other) =>
          other
            .selectFrom('source_runs as other')
            .select((o) => o.fn.coalesce(o.fn.max('other.id'), o.lit(0)).as('id'))
            .whereRef('other.source', '=', 'run.source')
            .whereRef('other.outcome', '<>', 'run.outcome'),
        )
        .as('streak'),
    ])
    .orderBy('name')
    .execute();
  return rows.map((row) => ({ ...row, lastGood: row.lastGood ?? null, streak: Number(row.streak) }));
}
