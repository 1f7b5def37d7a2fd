import type { PaperFeatures } from '../domain/entry.ts';
import { type Content, featuresOf } from './content-features.ts';
import { DEFAULT_MODEL } from './default-model.ts';
import type { FeatureWeight, Model } from './model.ts';
import { countWords, termScore } from './text.ts';
import { encodeVector, vectorOf } from './vector.ts';

/** The prior never says more than this, so that it can not outweigh votes. */
const MOST = 2;

/** What ranking needs of a text, once per paper: the costly part, to be stored with the entry. */
export function paperFeatures(
  { title, abstract }: Pick<Content, 'title' | 'abstract'>,
  model: Model = DEFAULT_MODEL,
): PaperFeatures {
  const text = textScore(title, abstract, model);
  return {
    model: model.name,
    text: Math.round(text * 1e4) / 1e4,
    vector: encodeVector(vectorOf(title, abstract)),
  };
}

function textScore(title: string, abstract: string, model: Model): number {
  return termScore(countWords(title, abstract), model.words) - model.textMean;
}

/**
 * What is expected of a paper before anybody has voted, in ln(1 + upvotes) above an average paper of its day.
 * @param stored features of the paper; those of another model are not used
 */
export function priorOf(content: Content, stored?: PaperFeatures, model: Model = DEFAULT_MODEL): number {
  const text = stored?.model === model.name ? stored.text : textScore(content.title, content.abstract, model);
  const features = featuresOf(content);
  let sum = text;
  for (const [name, learned] of model.features) sum += addedBy(learned, features[name]);
  return clamp(sum);
}

function addedBy({ mean, sd, weight }: FeatureWeight, value: number | undefined): number {
  return value === undefined ? 0 : (weight * (value - mean)) / sd;
}

function clamp(value: number): number {
  return Math.max(-MOST, Math.min(MOST, value));
}
