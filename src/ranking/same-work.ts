import { isPreprintDoi } from '../domain/doi.ts';
import type { SeenEntry } from '../domain/entry.ts';
import { DAY } from '../domain/time.ts';
import { isWorkKey } from './identify.ts';
import { personName } from './names.ts';

/** How far apart two sources may date a work that has no id. */
const NEAR = 2 * DAY;
/** More entries of one work say nothing that these do not. */
const MOST_COMPARED = 20;

/**
 * Whether the ids allow that both are one work. The first kind of id that both have decides; DOIs may differ where one
 * side has only those of preprint servers, and title and first author are the same.
 */
export function agree(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  for (const kind of ['arxiv:', 'doi:', 'pubmed:']) {
    const [one = [], other = []] = [left, right].map((keys) =>
      [...keys].filter((key) => key.startsWith(kind)),
    );
    if (one.length === 0 || other.length === 0) continue;
    if (one.some((key) => right.has(key))) return true;
    return kind === 'doi:' && (isPreprint(one) || isPreprint(other)) && shareWork(left, right);
  }
  return true;
}

function isPreprint(keys: readonly string[]): boolean {
  return keys.every((key) => isPreprintDoi(key.slice('doi:'.length)));
}

function shareWork(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return [...left].some((key) => isWorkKey(key) && right.has(key));
}

/**
 * Whether entries of one title are of one work, as far as their ids leave that open. Without any id a title may be one
 * that comes again: then only another source, at nearly the same time, speaks of the same.
 */
export function isSameByTitle(entry: SeenEntry, all: readonly SeenEntry[]): boolean {
  const entries = all.slice(0, MOST_COMPARED);
  if (entries.some((other) => !couldShareAuthors(entry, other))) return false;
  if ([entry, ...entries].some(({ ids }) => Object.keys(ids).length > 0)) return true;
  return entries.every(
    (other) => other.source !== entry.source && Math.abs(momentOf(other) - momentOf(entry)) <= NEAR,
  );
}

/** Lists that share no name speak of different works; one that is missing says nothing. */
function couldShareAuthors({ authors }: SeenEntry, other: SeenEntry): boolean {
  if (authors.length === 0 || other.authors.length === 0) return true;
  const names = new Set(authors.flatMap(partsOf));
  return other.authors.some((name) => partsOf(name).some((part) => names.has(part)));
}

function partsOf(name: string): string[] {
  const person = personName(name);
  return [person?.family ?? '', person?.given ?? ''].filter((part) => part.length > 1);
}

function momentOf({ listedOn, publishedAt, firstSeenAt }: SeenEntry): number {
  return publishedAt ?? (listedOn === undefined ? firstSeenAt : Date.parse(listedOn));
}
