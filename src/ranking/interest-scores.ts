import type { CandidateIndex, Matches } from './candidate-index.ts';
import type { Interest, Topic } from './interest.ts';
import { nearnessOfAll } from './similarity.ts';

/** What a pool's papers are to one interest; the same for all subscribers who have it. */
export type InterestScores = {
  /** ln(expected upvotes) and what the interest adds to it, by place. */
  readonly scores: Float32Array;
  /** Places that may appear, the best first. */
  readonly order: Uint16Array;
  /** Places that must not appear. */
  readonly muted: ReadonlySet<number>;
  /** Indices of the wanted topics that a place matches, the most telling first. */
  topicsOf(place: number): readonly number[];
};

/** The best match of a subscriber counts like e^4, some 55, times the votes: it leads unless another paper is far ahead. */
const INTEREST_WORTH = 4;
/** A subscriber whose best match is poorer than this does not get it as if it were a good one. */
const POOREST_BEST = 0.25;
/** More likeness than this adds nothing; a phrase in the title says about as much. */
const MOST_FROM_LIKES = 0.9;
/** Scores are told apart to 1/10,000, then places decide. */
const FINENESS = 10_000;
const LOWEST_SCORE = 1000;
const PLACES = 1 << 16;

/**
 * Relevance is joined over topics as 1 − ∏(1 − r), divided by the subscriber's best, and adds to ln(score).
 * @param likes vectors of liked papers by arXiv id; those that are missing say nothing
 */
export function interestScores<V>(
  candidates: CandidateIndex<V>,
  interest: Interest,
  likes: ReadonlyMap<string, V>,
): InterestScores {
  const muted = placesOf(interest.muted.map(candidates.matches));
  const wanted = interest.wanted.map(candidates.matches);
  const missed = new Float32Array(candidates.papers.length).fill(1);
  const liked = likedOf(candidates, interest.wanted, likes);
  for (const relevance of liked === undefined ? wanted : [...wanted, liked.relevance])
    for (let place = 0; place < relevance.length; place++)
      missed[place] = (missed[place] as number) * (1 - (relevance[place] as number));
  for (const place of muted) missed[place] = 1;
  let least = 1;
  for (let place = 0; place < missed.length; place++) least = Math.min(least, missed[place] as number);
  const worth = INTEREST_WORTH / Math.max(POOREST_BEST, 1 - least);
  const scores = new Float32Array(missed.length);
  for (let place = 0; place < scores.length; place++)
    scores[place] = (candidates.trend[place] as number) + worth * (1 - (missed[place] as number));
  return {
    scores,
    order: orderOf(scores, muted),
    muted,
    topicsOf: (place) => topicsOf(wanted, liked, place),
  };
}

function placesOf(matches: readonly Matches[]): Set<number> {
  const places = new Set<number>();
  for (const relevance of matches)
    for (let place = 0; place < relevance.length; place++)
      if ((relevance[place] as number) > 0) places.add(place);
  return places;
}

/** Sorted as numbers that hold score and place: by far the quickest way here. */
function orderOf(scores: Float32Array, muted: ReadonlySet<number>): Uint16Array {
  const keys = new Float64Array(scores.length);
  for (let place = 0; place < keys.length; place++)
    keys[place] = Math.round((LOWEST_SCORE - (scores[place] as number)) * FINENESS) * PLACES + place;
  for (const place of muted) keys[place] = Number.POSITIVE_INFINITY;
  keys.sort();
  const order = new Uint16Array(keys.length - muted.size);
  for (let index = 0; index < order.length; index++) order[index] = (keys[index] as number) % PLACES;
  return order;
}

type Liked = {
  readonly topics: readonly number[];
  readonly alike: readonly Float32Array[];
  readonly relevance: Float32Array;
};

/** All likes together are one relevance: three papers on one topic are no three reasons. */
function likedOf<V>(
  candidates: CandidateIndex<V>,
  wanted: readonly Topic[],
  likes: ReadonlyMap<string, V>,
): Liked | undefined {
  const topics = wanted.flatMap(({ kind, key }, index) => (kind === 'like' && likes.has(key) ? [index] : []));
  if (topics.length === 0) return undefined;
  const alike = topics.map((index) => {
    const id = wanted[index]?.key ?? '';
    return candidates.alikeToLiked(id, likes.get(id) as V);
  });
  const { least, same } = candidates.similarity;
  const means = nearnessOfAll(alike);
  // How alike any two papers are depends on the model and the field: what counts is more than the pool's usual.
  const usual = means.reduce((sum, value) => sum + value, 0) / means.length;
  const floor = Math.max(least, usual);
  const span = Math.max(same - floor, 0.05);
  const relevance = means.map((value) =>
    value <= floor ? 0 : Math.min(MOST_FROM_LIKES, (value - floor) / span),
  );
  return { topics, alike, relevance };
}

/** Likes are told by the nearest alone. */
function topicsOf(wanted: readonly Matches[], liked: Liked | undefined, place: number): number[] {
  const found: number[] = [];
  for (let topic = 0; topic < wanted.length; topic++) if (wanted[topic]?.[place]) found.push(topic);
  const relevance = liked?.relevance[place] ?? 0;
  if (liked !== undefined && relevance > 0) {
    const near = liked.alike.map((to) => to[place] as number);
    found.push(liked.topics[near.indexOf(Math.max(...near))] ?? 0);
  }
  // No topic that is a like matches by itself.
  const worthOf = (topic: number) => wanted[topic]?.[place] || relevance;
  return found.length < 2 ? found : found.sort((one, other) => worthOf(other) - worthOf(one) || one - other);
}
