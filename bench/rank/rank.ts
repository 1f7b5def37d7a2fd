// Ours beside every known ranker, on recorded days:
// npm run bench:rank -- --data DIR [--task A|B|P|C|C+|D] [--rankings FILE] [--forward | --train DIR] [--from DAY] [--until DAY]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Fitted, fitsBefore, forwardFits, shippedFits } from './fits.ts';
import { pageDays, readPages } from './pages.ts';
import { baselines, ours, oursAsMailed } from './rankers.ts';
import { readReaders, reportReaders, runReaders } from './readers.ts';
import { type BenchDay, benchDays, readRows, type Sight } from './rows.ts';
import { report, runTask, type TaskResult } from './tasks.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    task: { type: 'string' },
    rankings: { type: 'string' },
    train: { type: 'string' },
    forward: { type: 'boolean', default: false },
    from: { type: 'string', default: '0000' },
    until: { type: 'string', default: '9999' },
  },
});
if (values.data === undefined) throw new Error('--data DIR is missing');
const tasks = values.task === undefined ? ['A', 'B', 'P', 'C', 'C+', 'D'] : [values.task];
const rows = readRows(values.data);
const pages = readPages(values.data);
const readers = readReaders(values.data);
const fittedFor = fits();
const lines = tasks.flatMap((task): readonly object[] =>
  task === 'D' ? subscribersLines() : daysLines(task),
);
if (values.rankings !== undefined)
  writeFileSync(values.rankings, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

/** The rankings of a task's days, once its table is printed. */
function daysLines(task: string): readonly object[] {
  const results = resultsOf(task);
  console.log(`${report(task, results).join('\n')}\n`);
  return results.flatMap(({ rankings }) => rankings);
}

function subscribersLines(): readonly object[] {
  const results = runReaders(readers);
  console.log(`${reportReaders(results).join('\n')}\n`);
  return results.flatMap(({ rankings }) => rankings);
}

function resultsOf(task: string): TaskResult[] {
  const days = daysOf(task).filter(({ date }) => date >= values.from && date < values.until);
  return [...Map.groupBy(days, fittedFor)]
    .flatMap(([fitted, some]) => (fitted === undefined ? [] : [runTask(task, some, rankersOf(task, fitted))]))
    .reduce<TaskResult[]>(
      (joined, part) => (joined.length === 0 ? part : joined.map((one, index) => withMore(one, part[index]))),
      [],
    );
}

function daysOf(task: string): BenchDay[] {
  if (task === 'P') return pageDays(rows, pages);
  return benchDays(rows, task === 'B' ? 'late' : 'day+1');
}

function withMore(one: TaskResult, other: TaskResult | undefined): TaskResult {
  return {
    ...one,
    days: [...one.days, ...(other?.days ?? [])],
    rankings: [...one.rankings, ...(other?.rankings ?? [])],
  };
}

function rankersOf(task: string, fitted: Fitted) {
  const sight: Sight = task === 'C' ? 'content' : task === 'C+' ? 'listing' : 'all';
  const known = baselines(fitted.baselines).filter(({ isBlind }) => isBlind || sight === 'all');
  return [ours(fitted.model, sight), oursAsMailed(fitted.model, sight), ...known];
}

/** The shipped numbers; numbers learned in DIR before `--from`; or those from all dates before each block of days. */
function fits() {
  if (values.forward) return forwardFits(rows);
  return values.train === undefined ? shippedFits() : fitsBefore(readRows(values.train), values.from);
}
