// Which learned numbers a day is judged by.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Model, type PackedModel, unpackModel } from '../../src/ranking/model.ts';
import { type Example, examplesOf } from './examples.ts';
import { learnBaselines, type PackedBaselines } from './fitted.ts';
import { learn } from './learn.ts';
import { type BenchDay, benchDays, type Row } from './rows.ts';

export type Fitted = { readonly model: Model; readonly baselines: PackedBaselines };
/** Undefined for a day that comes too early to have learned anything before it. */
export type FittedFor = (day: BenchDay) => Fitted | undefined;

/** Judged days that are only learned from, and how many days are judged by the same numbers. */
const FIRST_DAYS = 8;
const BLOCK_DAYS = 15;

/** Forward in time: each block of days by numbers that were learned from all dates before it, and from no other. */
export function forwardFits(rows: readonly Row[]): FittedFor {
  const examples = examplesOf(rows);
  const starts = benchDays(rows, 'day+1')
    .map(({ date }) => date)
    .filter((_, index) => index >= FIRST_DAYS && (index - FIRST_DAYS) % BLOCK_DAYS === 0);
  const known = new Map<string, Fitted>();
  return ({ date }) => {
    const start = starts.findLast((first) => first <= date);
    if (start === undefined) return undefined;
    const fitted = known.get(start) ?? fittedTo(examples.filter((example) => example.date < start));
    known.set(start, fitted);
    return fitted;
  };
}

/** By numbers from the dates before a day alone. */
export function fitsBefore(rows: readonly Row[], day: string): FittedFor {
  const fitted = fittedTo(examplesOf(rows.filter(({ date }) => date < day)));
  return () => fitted;
}

/** By the numbers that the project ships. */
export function shippedFits(): FittedFor {
  const read = (path: string) => JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8'));
  const fitted = {
    model: unpackModel(read('../../src/ranking/prior.json') as PackedModel),
    baselines: read('baselines.json') as PackedBaselines,
  };
  return () => fitted;
}

function fittedTo(examples: readonly Example[]): Fitted {
  return { model: unpackModel(learn(examples, 'bench')), baselines: learnBaselines(examples) };
}
