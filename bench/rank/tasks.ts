// Runs rankers over the days of a task.
import { bootstrap, type Interval, MEASURES, type Measures, mean, measure } from './metrics.ts';
import type { Ranker } from './rankers.ts';
import type { BenchDay } from './rows.ts';

type Ranking = {
  readonly task: string;
  readonly key: string;
  readonly ranker: string;
  readonly ids: readonly string[];
};

/** What one ranker came to on each day of a task. */
export type TaskResult = {
  readonly ranker: string;
  readonly isBaseline: boolean;
  readonly days: readonly Measures[];
  readonly rankings: readonly Ranking[];
};

export function runTask(task: string, days: readonly BenchDay[], rankers: readonly Ranker[]): TaskResult[] {
  return rankers.map(({ name, isBaseline, order }) => {
    const rankings = days.map((day) => ({ task, key: day.date, ranker: name, ids: order(day) }));
    const measures = days.map((day, index) => {
      const places = new Map(day.rows.map((row, place) => [row.arxivId, place]));
      const ids = rankings[index]?.ids ?? [];
      if (ids.length !== day.rows.length) throw new Error(`${name} lost papers of ${day.date}`);
      return measure(
        ids.map((id) => places.get(id) ?? -1),
        day.labels,
      );
    });
    return { ranker: name, isBaseline, days: measures, rankings };
  });
}

/** Baselines that ours is compared with on every measure, also where another one is better. */
const ALWAYS_COMPARED = ['upvotes/(h+2)^.5', 'TF-IDF ridge + 5'];

/** Means of each ranker, and the paired gains of the first two, ours raw and as mailed, over the best baseline of each measure. */
export function report(task: string, results: readonly TaskResult[]): string[] {
  const count = results[0]?.days.length ?? 0;
  if (count === 0) return [`Task ${task}: no day with ten papers`];
  const lines = [`Task ${task}: ${count} days`, row('ranker', [...MEASURES])];
  for (const { ranker, days } of results)
    lines.push(
      row(
        ranker,
        MEASURES.map((_, index) => mean(valuesOf(days, index)).toFixed(4)),
      ),
    );
  const [own, mailed] = results;
  if (own === undefined || mailed === undefined) return lines;
  for (const [index, name] of MEASURES.entries()) {
    const best = bestBaseline(results, index);
    if (best === undefined) continue;
    lines.push(`  ${name}: ${interval(gainOver(own, best, index))} over ${best.ranker}`);
    lines.push(`  ${name}: ${interval(gainOver(mailed, best, index))} as mailed`);
    lines.push(`  ${name}: ${interval(gainOver(mailed, own, index))} by spreading`);
    for (const other of results.filter(
      ({ ranker }) => ALWAYS_COMPARED.includes(ranker) && ranker !== best.ranker,
    ))
      lines.push(`  ${name}: ${interval(gainOver(own, other, index))} over ${other.ranker}`);
  }
  return lines;
}

function gainOver(one: TaskResult, other: TaskResult, measureIndex: number): Interval {
  const others = valuesOf(other.days, measureIndex);
  return bootstrap(valuesOf(one.days, measureIndex).map((value, day) => value - (others[day] ?? 0)));
}

export function interval({ mean: middle, low, high }: Interval): string {
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
  return `${signed(middle)} [${signed(low)}, ${signed(high)}]`;
}

function bestBaseline(results: readonly TaskResult[], index: number): TaskResult | undefined {
  return results
    .filter(({ isBaseline }) => isBaseline)
    .sort((one, other) => mean(valuesOf(other.days, index)) - mean(valuesOf(one.days, index)))[0];
}

function valuesOf(days: readonly Measures[], index: number): number[] {
  return days.map((measures) => measures[index] ?? 0);
}

function row(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(24)}${cells.map((cell) => cell.padStart(9)).join('')}`;
}
