import type { Paper } from '../domain/paper.ts';
import type { Instant } from '../domain/time.ts';
import { ageHours } from './score.ts';

/**
 * Why a paper has its place, in phrases made from the numbers that made its score.
 * @param label what readers call the source that brought it
 */
export function reasonsFor(paper: Paper, asOf: Instant, label?: string): string[] {
  const { upvotes, points, comments, stars } = paper.signals;
  const age = ageText(ageHours(paper, asOf));
  const reasons: string[] = [];
  if (upvotes) reasons.push(`${count(upvotes, 'upvote')} in ${age}`);
  if (points) reasons.push(`${count(points, 'point')} on Hacker News`);
  if (comments && comments > 2) reasons.push(count(comments, 'comment'));
  if (stars && paper.links.code) reasons.push(`code with ${count(stars, 'star')}`);
  if (!upvotes && !points) reasons.push(freshness(label ?? paper.categories[0], age));
  return reasons;
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
