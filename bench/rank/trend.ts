// What votes, prior, comments and stars of a morning say together of the votes a day later.
import type { TrendWeights } from '../../src/ranking/model.ts';
import { DECAY, priorWorth, USUAL_AGE } from '../../src/ranking/score.ts';
import { mean } from './metrics.ts';
import { centred, ridge } from './ridge.ts';
import type { Row } from './rows.ts';

export type TrendExample = {
  readonly day: number;
  readonly row: Row;
  /** The prior's, by a model that has not seen the date. */
  readonly content: number;
  /** Since the listing; unknown where the record has no moment of it. */
  readonly hours: number | undefined;
  readonly target: number;
};

const PENALTY = 3;
const NAMES = [
  'votes',
  'votesSquared',
  'comments',
  'stars',
] as const satisfies readonly (keyof TrendWeights)[];

/**
 * The decay and what the prior is worth are given, not learned: the decay that fits the next day best is too strong for the
 * weeks after, and least squares on votes (0.46 of the prior) orders later days less well than 0.55.
 */
export function fitTrend(examples: readonly TrendExample[]): TrendWeights {
  const days = examples.map(({ day }) => day);
  const columns = NAMES.map((_, index) => Float64Array.from(examples, (one) => numbersOf(one)[index] ?? 0));
  const scales = columns.map(
    (column) => Math.sqrt(mean([...centred(column, days)].map((value) => value ** 2))) || 1,
  );
  const offsets = examples.map(
    ({ hours, content, row }) => decayOf(hours) + content * priorWorth(row.upvotes ?? 0),
  );
  const rows = examples.map((_, row) => ({
    columns: Uint32Array.from(NAMES.keys()),
    values: Float64Array.from(columns, (column, index) => (column[row] ?? 0) / (scales[index] ?? 1)),
  }));
  const targets = examples.map(({ target }, index) => target - (offsets[index] ?? 0));
  const learned = ridge({
    rows,
    days,
    targets,
    weights: examples.map(() => 1),
    penalties: new Float64Array(NAMES.length).fill(PENALTY),
  });
  // More votes, comments or stars never lower a score: what noise has turned around counts nothing.
  const weights = Array.from(learned, (weight, index) => Math.max(0, weight) / (scales[index] ?? 1));
  const explained = examples.map((_, row) =>
    weights.reduce((sum, weight, index) => sum + weight * (columns[index]?.[row] ?? 0), 0),
  );
  const intercept = mean(targets.map((target, index) => target - (explained[index] ?? 0)));
  const named = Object.fromEntries(NAMES.map((name, index) => [name, weights[index] ?? 0]));
  return { intercept, ...named } as TrendWeights;
}

function numbersOf({ row }: TrendExample): number[] {
  const votes = row.upvotes ?? 0;
  const log = Math.log1p(votes);
  return [
    log,
    log * log,
    Math.min(Math.max((row.numComments ?? 1) - 1, 0), 4),
    row.githubStars === null ? 0 : Math.log1p(row.githubStars),
  ];
}

export function decayOf(hours: number | undefined): number {
  return hours === undefined ? 0 : -DECAY * Math.log((1 + hours) / (1 + USUAL_AGE));
}
