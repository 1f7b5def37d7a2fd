import type { CandidateIndex, Matches } from './candidate-index.ts';
import type { Interest } from './interest.ts';
import { dislikeOf, type Liked, likedOf } from './liked-papers.ts';

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
/** Scores are told apart to 1/10,000, then places decide. */
const FINENESS = 10_000;
const LOWEST_SCORE = 1000;
const PLACES = 1 << 16;
/**
 * From this dislike on a paper does not appear at all. Three muted papers on its subject come to it (a mean likeness of
 * 0.15 by words, which 1 in 100 pairs of recorded papers have that share no keyword), one comes to it with near-duplicates only.
 */
const TOO_MUCH_DISLIKE = 0.3;

/**
 * Relevance is joined over topics as 1 − ∏(1 − r), divided by the subscriber's best, and adds to ln(score). Likeness to
 * muted papers takes away, and keeps a paper out where it is strong and the likes do not outweigh it.
 * @param likes vectors of liked and muted papers by the keys of their topics; those that are missing say nothing
 */
export function interestScores<V>(
  candidates: CandidateIndex<V>,
  interest: Interest,
  likes: ReadonlyMap<string, V>,
): InterestScores {
  const wanted = interest.wanted.map(candidates.matches);
  const missed = new Float32Array(candidates.papers.length).fill(1);
  const liked = likedOf(candidates, interest.wanted, likes);
  const dislike = dislikeOf(candidates, interest.muted, likes, liked?.relevance);
  const muted = mutedPlaces(candidates, interest, dislike);
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
  for (let place = 0; place < (dislike?.length ?? 0); place++)
    scores[place] = (scores[place] as number) - INTEREST_WORTH * (dislike?.[place] as number);
  return {
    scores,
    order: orderOf(scores, muted),
    muted,
    topicsOf: (place) => topicsOf(wanted, liked, place),
  };
}

/** Places that a muted topic matches, muted papers themselves, and what is too much like those. */
function mutedPlaces<V>(
  candidates: CandidateIndex<V>,
  interest: Interest,
  dislike: Float32Array | undefined,
): ReadonlySet<number> {
  const places = new Set<number>();
  for (const topic of interest.muted) {
    const own = topic.kind === 'like' ? candidates.placeOf(topic.key) : undefined;
    if (own !== undefined) places.add(own);
    const relevance = candidates.matches(topic);
    for (let place = 0; place < relevance.length; place++)
      if ((relevance[place] as number) > 0) places.add(place);
  }
  for (let place = 0; place < (dislike?.length ?? 0); place++)
    if ((dislike?.[place] as number) >= TOO_MUCH_DISLIKE) places.add(place);
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

/** Likes are told by the nearest alone. */
function topicsOf(wanted: readonly Matches[], liked: Liked | undefined, place: number): number[] {
  const found: number[] = [];
  for (let topic = 0; topic < wanted.length; topic++) if (wanted[topic]?.[place]) found.push(topic);
  const relevance = liked?.relevance[place] ?? 0;
  if (liked !== undefined && relevance > 0) found.push(liked.nearest[place] as number);
  // No topic that is a like matches by itself.
  const worthOf = (topic: number) => wanted[topic]?.[place] || relevance;
  return found.length < 2 ? found : found.sort((one, other) => worthOf(other) - worthOf(one) || one - other);
}
