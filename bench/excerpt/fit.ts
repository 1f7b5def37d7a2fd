import type { ExcerptWeights, Weights } from '../../src/papers/excerpt/excerpt.ts';
import { type SentenceFeatures, sentenceFeatures } from '../../src/papers/excerpt/sentence-features.ts';
import { sentencesOf } from '../../src/papers/excerpt/sentences.ts';
import type { KnownAbstract } from './papers.ts';

/** Where in an abstract the sentences begin that say the contribution, the best first, and the result. */
export type Label = { readonly contribution: readonly number[]; readonly result: readonly number[] };

type Row = { readonly features: SentenceFeatures; readonly is: number; readonly weight: number };

const ROUNDS = 4000;
const STEP = 0.5;
const PENALTY = 0.004;

/** Fits both weights on labelled abstracts, by logistic regression. */
export function fitWeights(
  labels: Readonly<Record<string, Label>>,
  papers: ReadonlyMap<string, KnownAbstract>,
): ExcerptWeights {
  const contribution: Row[] = [];
  const result: Row[] = [];
  for (const [id, label] of Object.entries(labels)) {
    const { title = '', abstract = '' } = papers.get(id) ?? {};
    const sentences = sentencesOf(abstract);
    for (const [index, features] of sentenceFeatures(sentences, title).entries()) {
      const start = sentences[index]?.start ?? 0;
      const rank = label.contribution.indexOf(start);
      contribution.push({ features, is: rank >= 0 ? 1 : 0, weight: rank > 0 ? 0.5 : 1 });
      result.push({ features, is: label.result.includes(start) ? 1 : 0, weight: 1 });
    }
  }
  return { contribution: logistic(contribution), result: logistic(result) };
}

/** Gradient descent on the mean loss with an L2 penalty; the bias is free. */
function logistic(rows: readonly Row[]): Weights {
  const names = [...new Set(rows.flatMap(({ features }) => Object.keys(features)))];
  const weights: Record<string, number> = Object.fromEntries([
    ['bias', 0],
    ...names.map((name) => [name, 0]),
  ]);
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  for (let round = 0; round < ROUNDS; round++) {
    const slope: Record<string, number> = {};
    for (const { features, is, weight } of rows) {
      let logit = weights.bias ?? 0;
      for (const name in features) logit += (features[name] ?? 0) * (weights[name] ?? 0);
      const error = ((1 / (1 + Math.exp(-logit)) - is) * weight) / total;
      slope.bias = (slope.bias ?? 0) + error;
      for (const name in features) slope[name] = (slope[name] ?? 0) + error * (features[name] ?? 0);
    }
    for (const name of Object.keys(weights)) {
      const penalty = name === 'bias' ? 0 : PENALTY * (weights[name] ?? 0);
      weights[name] = (weights[name] ?? 0) - STEP * ((slope[name] ?? 0) + penalty);
    }
  }
  return Object.fromEntries(Object.entries(weights).map(([name, value]) => [name, Number(value.toFixed(3))]));
}
