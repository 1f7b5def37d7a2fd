import type { Paper, ScoreParts, Signals } from '../domain/paper.ts';
import { HOUR, type Instant } from '../domain/time.ts';
import type { Model, TrendWeights } from './model.ts';

/** Exponent of the decay: after four times as long a paper needs a third more expected votes. Stronger ones do worse. */
export const DECAY = 0.2;
/** The age at which the decay neither adds nor takes: that of a list read on the morning of its day. */
export const USUAL_AGE = 8;
/** Votes per point on Hacker News, whose crowd is larger. Chosen, not learned: the data has no points. */
const VOTES_PER_POINT = 0.5;
/** What a paper gets whose votes doubled since the day before is this times ln 2. Chosen, as the data has one day of votes. */
const GROWTH = 0.3;
const MOST_GROWTH = Math.log(8);
/** What each doubling of the number of sources that carry a paper adds. Chosen. */
const SOURCES = 0.15;
/** Stars of a paper that nobody can vote on say more than those of one with votes. Chosen. */
const STARS_ALONE = 0.15;
/** More stars than these say nothing further: they are those of an old project. */
const MOST_STARS = 100;
/**
 * What the prior counts beside votes, and how many votes it takes until it counts a third of that. Chosen by forward splits
 * in time, see docs/ranking.md: with 0 votes the votes say little, from 20 on the prior says nothing.
 */
const PRIOR_WORTH = 0.55;
const VOTES_THAT_SETTLE = 8;
const MOST_COMMENTS = 4;

/** What the other papers say of this one's place: made by `calibrate`. */
export type ScoreBaseline = {
  /** Expected ln(1 + upvotes) of an average paper of its source, where the paper's own votes are unknown. */
  readonly level: number;
  /** What its content lets expect, in ln(1 + upvotes) above an average paper. */
  readonly prior: number;
};

/**
 * The parts of ln(expected upvotes + 1) a day after the list came out. An unknown signal adds nothing, and takes
 * nothing away.
 */
export function partsOf(paper: Paper, standing: ScoreBaseline, asOf: Instant, model: Model): ScoreParts {
  const { signals, earlier, sources } = paper;
  const { trend } = model;
  const votes = votesOf(signals);
  const base =
    votes === undefined ? unvotedParts(signals, standing) : votedParts(votes, paper, standing, trend);
  return {
    ...base,
    age: -DECAY * Math.log((1 + agedHours(paper, votes, asOf)) / (1 + USUAL_AGE)),
    growth: GROWTH * growthOf(signals, earlier),
    sources: SOURCES * Math.log2(Math.max(1, sources.length)),
  };
}

/** Upvotes, with points counted in; `undefined` when neither was read. */
export function votesOf({ upvotes, points }: Signals): number | undefined {
  if (upvotes === undefined && points === undefined) return undefined;
  return Math.max(0, upvotes ?? 0) + VOTES_PER_POINT * Math.max(0, points ?? 0);
}

/** Hours since a list took the paper, else since its day began or it was seen; never negative. */
export function ageHours(paper: Pick<Paper, 'listedAt' | 'since'>, asOf: Instant): number {
  return Math.max(0, (asOf - (paper.listedAt ?? paper.since)) / HOUR);
}

/** What nobody has voted on has not gained by being listed early: its age is that of its day. */
function agedHours(paper: Paper, votes: number | undefined, asOf: Instant): number {
  return votes === undefined ? ageHours({ since: paper.since }, asOf) : ageHours(paper, asOf);
}

/** ln of how many times the votes have multiplied since the day before; 0 when that is unknown. */
export function growthOf(now: Signals, before: Signals | undefined): number {
  const votes = votesOf(now);
  const earlier = before && votesOf(before);
  if (votes === undefined || earlier === undefined) return 0;
  return Math.min(MOST_GROWTH, Math.max(0, Math.log1p(votes) - Math.log1p(earlier)));
}

function votedParts(votes: number, paper: Paper, { prior }: ScoreBaseline, trend: TrendWeights) {
  const { comments, stars } = paper.signals;
  const log = Math.log1p(votes);
  return {
    level: trend.intercept,
    votes: trend.votes * log + trend.votesSquared * log * log,
    content: prior * priorWorth(votes),
    comments: comments === undefined ? 0 : trend.comments * commentsBeyondTheFirst(comments),
    stars: stars === undefined ? 0 : trend.stars * Math.log1p(Math.max(0, stars)),
  };
}

/** The factor of the prior beside so many votes: the fewer, the more it says. */
export function priorWorth(votes: number): number {
  return PRIOR_WORTH * Math.exp(-votes / VOTES_THAT_SETTLE);
}

/** Nearly every paper has one comment, which a machine or its own author wrote. */
function commentsBeyondTheFirst(comments: number): number {
  return Math.min(Math.max(comments - 1, 0), MOST_COMMENTS);
}

function unvotedParts({ comments, stars }: Signals, { level, prior }: ScoreBaseline) {
  return {
    level,
    content: prior,
    comments: comments === undefined ? 0 : 0.01 * commentsBeyondTheFirst(comments),
    stars: stars === undefined ? 0 : STARS_ALONE * Math.log1p(Math.min(MOST_STARS, Math.max(0, stars))),
  };
}
