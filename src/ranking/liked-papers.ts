import type { CandidateIndex } from './candidate-index.ts';
import type { Topic } from './interest.ts';
import { nearnessOfAll } from './similarity.ts';

/** What a subscriber's liked papers say of a candidates. */
export type Liked = {
  /** For every place the index of the wanted topic whose paper is the nearest to it. */
  readonly nearest: Uint16Array;
  /** For every place 0 to `MOST_FROM_LIKES`. */
  readonly relevance: Float32Array;
};

/** More likeness than this adds nothing; a phrase in the title says about as much. */
const MOST_FROM_LIKES = 0.9;
/** Dislike is a mean of three: one muted paper alone moves its kind down by a third of what three do. */
const FULL_DISLIKE = 3;

/** All likes together are one relevance: three papers on one topic are no three reasons. */
export function likedOf<V>(
  candidates: CandidateIndex<V>,
  wanted: readonly Topic[],
  likes: ReadonlyMap<string, V>,
): Liked | undefined {
  const topics = knownPapers(wanted, likes);
  if (topics.length === 0) return undefined;
  const alike = topics.map((index) => alikeTo(candidates, wanted[index]?.key ?? '', likes));
  const relevance = relevanceOf(candidates, alike, MOST_FROM_LIKES);
  return { nearest: nearestOf(topics, alike), relevance };
}

/** One number for each place: how alike all of a library's papers are to it would be too much to keep. */
function nearestOf(topics: readonly number[], alike: readonly Float32Array[]): Uint16Array {
  const nearest = new Uint16Array(alike[0]?.length ?? 0);
  for (let place = 0; place < nearest.length; place++) {
    let best = 0;
    for (let index = 1; index < alike.length; index++)
      if ((alike[index]?.[place] as number) > (alike[best]?.[place] as number)) best = index;
    nearest[place] = topics[best] ?? 0;
  }
  return nearest;
}

/**
 * How much the muted papers speak against each place, 0 to 1, less what the liked papers say for it: a subscriber
 * who mutes one paper of a field that they like gets the field.
 * @param liked relevance of the liked papers, if there are any
 * @returns undefined when no muted paper has a known text
 */
export function dislikeOf<V>(
  candidates: CandidateIndex<V>,
  muted: readonly Topic[],
  likes: ReadonlyMap<string, V>,
  liked: Float32Array | undefined,
): Float32Array | undefined {
  const topics = knownPapers(muted, likes);
  if (topics.length === 0) return undefined;
  const alike = topics.map((index) => alikeTo(candidates, muted[index]?.key ?? '', likes));
  const share = Math.min(FULL_DISLIKE, topics.length) / FULL_DISLIKE;
  return relevanceOf(candidates, alike, 1).map((value, place) =>
    Math.max(0, share * value - (liked?.[place] ?? 0)),
  );
}

function knownPapers<V>(topics: readonly Topic[], likes: ReadonlyMap<string, V>): number[] {
  return topics.flatMap(({ kind, key }, index) =>
    (kind === 'like' || kind === 'library') && likes.has(key) ? [index] : [],
  );
}

function alikeTo<V>(candidates: CandidateIndex<V>, key: string, likes: ReadonlyMap<string, V>): Float32Array {
  return candidates.alikeToLiked(key, likes.get(key) as V);
}

/** By the mean of the nearest three: 0 for what is no nearer than usual, `most` for about the same paper. */
function relevanceOf<V>(
  { similarity }: CandidateIndex<V>,
  alike: readonly Float32Array[],
  most: number,
): Float32Array {
  const { least, same } = similarity;
  const means = nearnessOfAll(alike);
  // How alike any two papers are depends on the model and the field: what counts is more than the pool's usual.
  const usual = means.reduce((sum, value) => sum + value, 0) / means.length;
  const floor = Math.max(least, usual);
  const span = Math.max(same - floor, 0.05);
  return means.map((value) => (value <= floor ? 0 : Math.min(most, (value - floor) / span)));
}
