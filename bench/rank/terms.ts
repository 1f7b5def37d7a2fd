// One kind of term as columns of a ridge regression, and its weights packed into bytes.
import { deflateRawSync } from 'node:zlib';
import type { PackedBytes, PackedTerms } from '../../src/ranking/model.ts';
import { BUCKETS, type Counts, termScore } from '../../src/ranking/text.ts';
import { ridge, type SparseRow } from './ridge.ts';

export type Terms = {
  readonly idf: Float32Array;
  readonly weights: Float32Array;
  readonly score: (counts: Counts) => number;
};

/** Buckets that fewer papers share say nothing that holds elsewhere. */
const FEWEST_PAPERS = 6;

export function inverseFrequencies(counts: readonly Counts[]): Float32Array {
  const papers = new Uint32Array(BUCKETS);
  for (const one of counts) for (const bucket of one.keys()) papers[bucket] = (papers[bucket] ?? 0) + 1;
  return Float32Array.from(papers, (seen) => (seen < FEWEST_PAPERS ? 0 : Math.log(counts.length / seen)));
}

export type TermProblem = {
  readonly counts: readonly Counts[];
  /** Standardised numbers of each row, 0 where unknown. */
  readonly plain: readonly (readonly number[])[];
  readonly idf: Float32Array;
  readonly days: readonly number[];
  readonly targets: readonly number[];
  /** How much each row counts. */
  readonly weights: readonly number[];
  readonly penalties: { readonly terms: number; readonly features: number };
};

export function fitTerms(problem: TermProblem): { terms: Terms; weights: readonly number[] } {
  const { counts, plain, idf, days, targets, penalties } = problem;
  const rowWeights = problem.weights;
  const width = plain[0]?.length ?? 0;
  const costs = new Float64Array(BUCKETS + width).fill(penalties.terms);
  costs.fill(penalties.features, BUCKETS);
  const rows = counts.map((one, index) => sparseRow(one, idf, plain[index] ?? []));
  const learned = ridge({ rows, days, targets, weights: rowWeights, penalties: costs });
  const weights = Float32Array.from(learned.subarray(0, BUCKETS));
  return {
    terms: { idf, weights, score: (one) => termScore(one, { idf, weights }) },
    weights: [...learned.subarray(BUCKETS)],
  };
}

/** TF-IDF of unit length, then the plain numbers. */
function sparseRow(counts: Counts, idf: Float32Array, plain: readonly number[]): SparseRow {
  const terms = [...counts].flatMap(([bucket, count]): [number, number][] => {
    const value = (1 + Math.log(count)) * (idf[bucket] ?? 0);
    return value === 0 ? [] : [[bucket, value]];
  });
  const length = Math.sqrt(terms.reduce((sum, [, value]) => sum + value * value, 0)) || 1;
  return {
    columns: Uint32Array.from([
      ...terms.map(([bucket]) => bucket),
      ...plain.map((_, index) => BUCKETS + index),
    ]),
    values: Float64Array.from([...terms.map(([, value]) => value / length), ...plain]),
  };
}

export function packTerms({ idf, weights }: Terms): PackedTerms {
  return { idf: packBytes(idf), weights: packBytes(weights) };
}

function packBytes(numbers: Float32Array): PackedBytes {
  const largest = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = Number((largest / 127).toPrecision(6)) || 1;
  const bytes = Int8Array.from(numbers, (value) => Math.max(-127, Math.min(127, Math.round(value / scale))));
  return { scale, bytes: deflateRawSync(bytes, { level: 9 }).toString('base64') };
}
