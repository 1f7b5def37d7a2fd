import type { Entry } from '../../domain/entry.ts';

/** Two collaborations together have had 5,154 authors, whose names take 80 kB. Search indexes hold 1 MB at most. */
export const MOST_AUTHORS = 6000;
const MOST_AUTHOR_BYTES = 100_000;
const MOST_CATEGORIES = 20;

/** The entry as it may be kept, and what it lost that a subscriber could miss. */
export function withinLimits(entry: Entry): { readonly entry: Entry; readonly problem?: string } {
  const authors = entry.authors.slice(0, authorsThatFit(entry.authors));
  const categories = entry.categories.slice(0, MOST_CATEGORIES);
  const whole = { ...entry, authors, categories };
  if (authors.length === entry.authors.length) return { entry: whole };
  return {
    entry: whole,
    problem: `only the first ${authors.length} authors were kept (${entry.key.slice(0, 80)})`,
  };
}

function authorsThatFit(authors: readonly string[]): number {
  let bytes = 0;
  for (const [index, name] of authors.entries()) {
    bytes += Buffer.byteLength(name);
    if (index === MOST_AUTHORS || bytes > MOST_AUTHOR_BYTES) return index;
  }
  return authors.length;
}
