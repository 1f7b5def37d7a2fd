// Ours beside every known ranker, on recorded days:
// npm run bench:rank -- --data DIR [--task A|B|C|D] [--rankings FILE] [--folds K | --train DIR] [--from DAY] [--until DAY]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Model, type PackedModel, unpackModel } from '../../src/ranking/model.ts';
import { learnBaselines, type PackedBaselines } from './fitted.ts';
import { type Example, examplesOf, learn } from './learn.ts';
import { baselines, ours, oursSpread, SPREAD } from './rankers.ts';
import { readReaders, reportReaders, runReaders } from './readers.ts';
import { type BenchDay, benchDays, type LabelKind, type Row, readRows } from './rows.ts';
import { report, runTask, type TaskResult } from './tasks.ts';

type Fitted = { readonly model: Model; readonly baselines: PackedBaselines };

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    task: { type: 'string' },
    rankings: { type: 'string' },
    train: { type: 'string' },
    folds: { type: 'string' },
    from: { type: 'string', default: '0000' },
    until: { type: 'string', default: '9999' },
  },
});
if (values.data === undefined) throw new Error('--data DIR is missing');
const tasks = values.task === undefined ? ['A', 'B', 'C', 'D'] : [values.task];
const rows = readRows(values.data);
const readers = readReaders(values.data);
const fittedFor = fits(rows);
const lines = tasks.flatMap((task): readonly object[] =>
  task === 'D' ? subscribersLines() : daysLines(task),
);
if (values.rankings !== undefined)
  writeFileSync(values.rankings, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

/** The rankings of a task's days, once its table is printed. What ours loses by spreading is no ranker of its own. */
function daysLines(task: string): readonly object[] {
  const results = resultsOf(task, rows);
  console.log(`${report(task, results).join('\n')}\n`);
  return results.filter(({ ranker }) => ranker !== SPREAD).flatMap(({ rankings }) => rankings);
}

function subscribersLines(): readonly object[] {
  const results = runReaders(readers);
  console.log(`${reportReaders(results).join('\n')}\n`);
  return results.flatMap(({ rankings }) => rankings);
}

function resultsOf(task: string, all: readonly Row[]): TaskResult[] {
  const label: LabelKind = task === 'B' ? 'late' : 'day+1';
  const days = benchDays(all, label).filter(({ date }) => date >= values.from && date < values.until);
  const groups = [...Map.groupBy(days, (day) => fittedFor(day))];
  return groups
    .map(([fitted, some]) => runTask(task, some, rankersOf(task, fitted)))
    .reduce<TaskResult[]>(
      (joined, part) => (joined.length === 0 ? part : joined.map((one, index) => withMore(one, part[index]))),
      [],
    );
}

function withMore(one: TaskResult, other: TaskResult | undefined): TaskResult {
  return {
    ...one,
    days: [...one.days, ...(other?.days ?? [])],
    rankings: [...one.rankings, ...(other?.rankings ?? [])],
  };
}

function rankersOf(task: string, fitted: Fitted) {
  const blind = task === 'C';
  const known = baselines(fitted.baselines).filter(({ isBlind }) => isBlind || !blind);
  return [ours(fitted.model, blind), oursSpread(fitted.model, blind), ...known];
}

/** The shipped numbers; or numbers from --train; or, with --folds, from all dates but those around the day. */
function fits(all: readonly Row[]): (day: BenchDay) => Fitted {
  if (values.folds !== undefined) return folded(examplesOf(all), Number(values.folds));
  const fitted =
    values.train === undefined
      ? shipped()
      : fittedTo(
          examplesOf(readRows(values.train).filter(({ date }) => date < values.from || date >= values.until)),
        );
  return () => fitted;
}

function folded(examples: readonly Example[], folds: number): (day: BenchDay) => Fitted {
  const dates = [...new Set(examples.map(({ date }) => date))].sort();
  const foldOf = (date: string) =>
    Math.min(folds - 1, Math.floor((dates.filter((known) => known < date).length * folds) / dates.length));
  const all = Array.from({ length: folds }, (_, fold) =>
    fittedTo(examples.filter(({ date }) => foldOf(date) !== fold)),
  );
  return ({ date }) => all[foldOf(date)] as Fitted;
}

function fittedTo(examples: readonly Example[]): Fitted {
  return { model: unpackModel(learn(examples, 'bench')), baselines: learnBaselines(examples) };
}

function shipped(): Fitted {
  const read = (path: string) => JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8'));
  return {
    model: unpackModel(read('../../src/ranking/prior.json') as PackedModel),
    baselines: read('baselines.json') as PackedBaselines,
  };
}
