import { inflateRawSync } from 'node:zlib';
import type { FeatureName } from './content-features.ts';
import { BUCKETS, type TermWeights } from './text.ts';

/** A number is compared with those of the papers learned from: (value − mean) / sd, times its weight. Mean 0 and sd 1 for what counts only where it is there. */
export type FeatureWeight = {
  readonly mean: number;
  readonly sd: number;
  readonly weight: number;
};

/** What each number adds to the expected ln(1 + upvotes) on the day after, of papers whose votes are known. */
export type TrendWeights = {
  readonly intercept: number;
  readonly votes: number;
  readonly votesSquared: number;
  readonly comments: number;
  readonly stars: number;
};

export type Model = {
  /** Changes with the numbers, so that features stored under another model are computed again. */
  readonly name: string;
  readonly words: TermWeights;
  /** What the terms of an average paper say: a text counts by what it says beyond that. */
  readonly textMean: number;
  readonly features: ReadonlyMap<FeatureName, FeatureWeight>;
  readonly trend: TrendWeights;
  /** The expected ln(1 + upvotes) of an average paper of a list that people vote on, votes unknown. */
  readonly level: number;
};

/** One byte per bucket, deflated, in Base64; a byte times the scale is the number. */
export type PackedBytes = { readonly scale: number; readonly bytes: string };
export type PackedTerms = { readonly idf: PackedBytes; readonly weights: PackedBytes };

export type PackedModel = {
  readonly name: string;
  readonly words: PackedTerms;
  readonly textMean: number;
  readonly features: { readonly [name: string]: FeatureWeight };
  readonly trend: TrendWeights;
  readonly level: number;
};

export function unpackModel(packed: PackedModel): Model {
  return {
    name: packed.name,
    words: unpackTerms(packed.words),
    textMean: packed.textMean,
    features: new Map(Object.entries(packed.features) as [FeatureName, FeatureWeight][]),
    trend: packed.trend,
    level: packed.level,
  };
}

export function unpackTerms({ idf, weights }: PackedTerms): TermWeights {
  return { idf: unpackBytes(idf), weights: unpackBytes(weights) };
}

function unpackBytes({ scale, bytes }: PackedBytes): Float32Array {
  const read = new Int8Array(inflateRawSync(Buffer.from(bytes, 'base64')));
  const numbers = new Float32Array(BUCKETS);
  for (const [index, byte] of read.entries()) numbers[index] = byte * scale;
  return numbers;
}
