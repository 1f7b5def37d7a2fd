// Ours beside every known ranker, on recorded days:
// npm run bench:rank -- --data DIR [--task A|B|C|D] [--rankings FILE] [--folds K | --train DIR] [--from DAY] [--until DAY]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Model, type PackedModel, unpackModel } from '../../src/rank/model.ts';
import { learnBaselines, type PackedBaselines } from './fitted.ts';
import { type Example, examplesOf, learn } from './learn.ts';
import { mean } from './metrics.ts';
import { baselines, ours, oursSpread } from './rankers.ts';
import {
  type BenchDay,
  benchDays,
  type LabelKind,
  linesFiles,
  type Row,
  readLines,
  readRows,
} from './rows.ts';
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
const fittedFor = fits(rows);
const lines: object[] = [];
for (const task of tasks) {
  if (task === 'D') {
    lines.push(...(await readersLines(values.data)));
    continue;
  }
  const results = resultsOf(task, rows);
  console.log(`${report(task, results).join('\n')}\n`);
  lines.push(...results.flatMap(({ rankings }) => rankings));
}
if (values.rankings !== undefined)
  writeFileSync(values.rankings, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

type ReaderResult = {
  readonly key: string;
  readonly ranker: string;
  readonly scores: { readonly [paper: string]: number };
  readonly accuracy: number;
};

/** Task D is about readers, in a file of its own. */
async function readersLines(dir: string): Promise<object[]> {
  const module = join(import.meta.dirname, 'readers.ts');
  const files = linesFiles(dir, (name) => name.startsWith('readers'));
  if (!existsSync(module) || files.length === 0) return [];
  const { readersTask } = (await import(module)) as {
    readersTask: (lines: readonly unknown[]) => readonly ReaderResult[];
  };
  const results = readersTask(files.flatMap((path) => readLines<unknown>(path)));
  console.log('Task D: share of pairs of rated papers in the reader’s order');
  for (const [ranker, ofRanker] of Map.groupBy(results, (result) => result.ranker)) {
    const accuracy = mean(ofRanker.map((result) => result.accuracy));
    console.log(`  ${ranker.padEnd(24)}${accuracy.toFixed(4)} (mean over ${ofRanker.length} readers)`);
  }
  return results.map(({ key, ranker, scores }) => ({ task: 'D', key, ranker, scores }));
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
    model: unpackModel(read('../../src/rank/prior.json') as PackedModel),
    baselines: read('baselines.json') as PackedBaselines,
  };
}
