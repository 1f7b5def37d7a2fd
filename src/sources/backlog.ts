import type { Entry } from '../domain/entry.ts';

/**
 * How many papers without a date a source may bring as new when it is read for the first time. Most journals publish
 * fewer in a day; feeds list the newest first, so that these are the likeliest to be of today.
 */
export const PLAUSIBLE_DAY = 20;

/**
 * The keys of the entries that are no news although nobody saw them before: those of a source's first reading that have
 * no date, beyond what a day may plausibly bring.
 * @param entries all that the source gave, in its order
 */
export function backlogOf(entries: Iterable<Entry>): ReadonlySet<string> {
  const undated = [...entries].filter(({ listedOn }) => listedOn === undefined);
  return new Set(undated.slice(PLAUSIBLE_DAY).map(({ key }) => key));
}
