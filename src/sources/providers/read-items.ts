import { type Entry, entrySize } from '../../domain/entry.ts';
import type { Instant } from '../../domain/time.ts';
import { withinLimits } from '../text/entry-limits.ts';
import { isNotice } from '../text/notices.ts';
import { unreadDates } from '../text/unread-dates.ts';
import type { Feed, FeedItem } from './feed-elements.ts';
import type { Reading } from './source.ts';

/** The largest lists of a day have 2,000 papers. */
export const MOST_ITEMS = 5000;
/** In characters: 5,000 ordinary papers have 8 million. */
export const MOST_TEXT = 12_000_000;
/** A journal may give a paper again with its corrections; hundreds of one paper only make merging dear. */
const MOST_OF_ONE_PAPER = 10;
/** Of the items with problems so many are told one by one. */
const MOST_PROBLEMS = 100;

/** What one item gave: its entry, why there is none, or `undefined` for what does not count. */
type Found = Entry | string | undefined;

/**
 * Reads a list item by item. What `entryOf` cannot read is a problem of that item alone; what reports no
 * work of its own is left out and counted, and of several items with one key the first stays. What is beyond a limit is
 * left out, and told.
 * @param problems those of the whole list
 */
export function readItems<T>(
  items: readonly T[],
  entryOf: (item: T) => Found,
  problems: readonly string[] = [],
): Reading {
  const entries = new Map<string, Entry>();
  const told: string[] = [];
  const isOneTooMany = papersCounter();
  let size = 0;
  let [read, notices] = [0, 0];
  for (const item of items.slice(0, MOST_ITEMS)) {
    const found = entryOf(item);
    const { entry, problem } = typeof found === 'object' ? withinLimits(found) : { problem: found };
    size += entry ? entrySize(entry) : 0;
    if (size > MOST_TEXT) break;
    read += 1;
    if (problem !== undefined) told.push(`item ${read}: ${problem}`);
    if (entry === undefined || entries.has(entry.key)) continue;
    if (isNotice(entry)) {
      notices += 1;
      continue;
    }
    const paper = isOneTooMany(entry);
    if (paper === undefined) entries.set(entry.key, entry);
    else told.push(`item ${read}: more than ${MOST_OF_ONE_PAPER} items are about ${paper}`);
  }
  const cut = read < items.length ? [`only the first ${read} of ${items.length} items were read`] : [];
  return {
    entries: [...entries.values()],
    problems: [...problems, ...cut, ...brief(told)],
    ...(notices > 0 && { notices }),
  };
}

/**
 * The feed with one more problem when dates that it gives could not be read.
 * @param datesOf every text of an item that should be its date
 */
export function withUnreadDates(
  feed: Feed,
  datesOf: (item: FeedItem) => readonly (string | undefined)[],
  now: Instant,
): Feed {
  return { ...feed, problems: [...feed.problems, ...unreadDates(feed.items.map(datesOf), now)] };
}

/** {@link readItems} of an XML feed. */
export function readFeed(feed: Feed, entryOf: (item: FeedItem) => Found): Reading {
  return readItems(feed.items, entryOf, feed.problems);
}

/** Tells of an entry which paper there are too many entries about already. */
function papersCounter(): (entry: Entry) => string | undefined {
  const counts = new Map<string, number>();
  return ({ ids }) => {
    const names = Object.entries(ids).map(([kind, id]) => `${kind}:${id}`);
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    return names.find((name) => (counts.get(name) ?? 0) > MOST_OF_ONE_PAPER);
  };
}

function brief(problems: readonly string[]): string[] {
  const more = problems.length - MOST_PROBLEMS;
  return more > 0
    ? [...problems.slice(0, MOST_PROBLEMS), `and ${more} more items with problems`]
    : [...problems];
}
