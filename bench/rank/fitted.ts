// The baselines that are learned: TF-IDF ridge, alone and with five plain features, and arxiv-sanity's way.

import { CONTENT_FEATURES, featuresOf } from '../../src/ranking/content-features.ts';
import { type PackedTerms, unpackTerms } from '../../src/ranking/model.ts';
import { countWords, termScore } from '../../src/ranking/text.ts';
import type { Example } from './examples.ts';
import { addedByFeatures, type Fitted, regress } from './learn.ts';
import { entryOf, type Row } from './rows.ts';
import { packTerms } from './terms.ts';

type PackedBaseline = {
  readonly words: PackedTerms;
  readonly features: { readonly [name: string]: { mean: number; sd: number; weight: number } };
};
export type PackedBaselines = {
  readonly sanity: PackedBaseline;
  readonly tfidf: PackedBaseline;
  readonly tfidf5: PackedBaseline;
};

export function learnBaselines(examples: readonly Example[]): PackedBaselines {
  return {
    sanity: packed(regress(likedExamples(examples), [])),
    tfidf: packed(regress(examples, [])),
    tfidf5: packed(regress(examples, CONTENT_FEATURES)),
  };
}

/** As arxiv-sanity has it, a linear classifier of liked papers: here the best quarter of each day. */
function likedExamples(examples: readonly Example[]): Example[] {
  return [...Map.groupBy(examples, ({ day }) => day).values()].flatMap((ofDay) => {
    const sorted = ofDay.map(({ target }) => target).sort((one, other) => other - one);
    const least = sorted[Math.floor(sorted.length / 4)] ?? 0;
    return ofDay.map((example) => ({ ...example, target: example.target > least ? 1 : -1 }));
  });
}

function packed({ terms, features }: Fitted): PackedBaseline {
  return { words: packTerms(terms), features: Object.fromEntries(features) };
}

/** Gives a row's score by a learned baseline. */
export function scorerOf(baseline: PackedBaseline): (row: Row) => number {
  const words = unpackTerms(baseline.words);
  const learned = Object.entries(baseline.features);
  return (row) => {
    const entry = entryOf(row, 'content');
    return (
      addedByFeatures(learned, featuresOf(entry)) + termScore(countWords(entry.title, entry.abstract), words)
    );
  };
}
