import type { Paper } from '../domain/paper.ts';
import { HOUR, type Instant } from '../domain/time.ts';

/** What a paper without any vote count is taken to have: below one upvote, above none. */
const UNKNOWN_UPVOTES = 0.5;

/**
 * Votes with a mild decay: (upvotes + 1) / √(age in hours + 2). Where a source has no votes, every paper
 * stands on the same count and the order is the newest first.
 */
export function score(paper: Paper, asOf: Instant): number {
  const upvotes = paper.signals.upvotes ?? paper.signals.points ?? UNKNOWN_UPVOTES;
  return (Math.max(0, upvotes) + 1) / Math.sqrt(ageHours(paper, asOf) + 2);
}

/** Hours since the paper was listed; never negative. */
export function ageHours(paper: Paper, asOf: Instant): number {
  return Math.max(0, (asOf - paper.since) / HOUR);
}
