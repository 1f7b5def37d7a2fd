import type { Paper } from '../domain/paper.ts';
import type { Instant } from '../domain/time.ts';
import { ageHours, growthOf } from './score.ts';

/** What is known beside the paper's own numbers. */
export type Grounds = {
  /** What subscribers call the source that brought it. */
  readonly label?: string | undefined;
  /** What the prior added to its score. */
  readonly content?: number | undefined;
};

/** The prior is a reason from about the best eighth of papers on. */
const PROMISING = 0.6;

/** Why a paper has its place, in phrases made from the numbers that made its score. */
export function reasonsFor(paper: Paper, asOf: Instant, { label, content = 0 }: Grounds = {}): string[] {
  const { upvotes, points, comments, stars } = paper.signals;
  const age = ageText(ageHours(paper, asOf));
  const reasons: string[] = [];
  if (upvotes) reasons.push(`${count(upvotes, 'upvote')} in ${age}`);
  const growth = growthText(paper);
  if (growth) reasons.push(growth);
  if (points) reasons.push(`${count(points, 'point')} on Hacker News`);
  if (comments && comments > 2) reasons.push(count(comments, 'comment'));
  if (stars && paper.links.code) reasons.push(`code with ${count(stars, 'star')}`);
  if (paper.sources.length > 1) reasons.push(`in ${paper.sources.length} sources`);
  if (!upvotes && !points) {
    reasons.unshift(freshness(label ?? paper.categories[0], age));
    if (content >= PROMISING) reasons.push('much like papers that were widely read');
  }
  return reasons;
}

/** Only what is at least half as much again in a day, and not a handful of votes, is worth a word. */
function growthText({ signals, earlier }: Paper): string | undefined {
  const times = Math.exp(growthOf(signals, earlier));
  const votes = signals.upvotes ?? signals.points ?? 0;
  if (votes < 6 || times < 1.5) return undefined;
  if (times < 2) return 'up by half since yesterday';
  return times < 3 ? 'doubled since yesterday' : `${Math.floor(times)} times yesterday’s votes`;
}

function freshness(where: string | undefined, age: string): string {
  return where ? `new in ${where}, ${age} ago` : `new, ${age} ago`;
}

/** `1 upvote`, `39 upvotes`, `1.4k stars`. */
function count(value: number, word: string): string {
  const shown =
    value < 1000 ? String(value) : `${(value / 1000).toFixed(value < 10_000 ? 1 : 0).replace(/\.0$/, '')}k`;
  return `${shown} ${word}${value === 1 ? '' : 's'}`;
}

function ageText(hours: number): string {
  if (hours < 1) return 'under an hour';
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}
