import type { Entry } from '../domain/entry.ts';
import type { Feed, FeedItem } from './feed.ts';
import type { Reading } from './source.ts';
import { isWithdrawn } from './withdrawn.ts';

/**
 * Reads a list item by item. What `entryOf` cannot read is a problem of that item alone; withdrawn papers are left
 * out without complaint, and of several items with one key the first stays.
 * @param entryOf the entry, why there is none, or `undefined` for what does not count
 * @param problems those of the whole list
 */
export function readItems<T>(
  items: readonly T[],
  entryOf: (item: T) => Entry | string | undefined,
  problems: readonly string[] = [],
): Reading {
  const entries = new Map<string, Entry>();
  const all = [...problems];
  for (const [index, item] of items.entries()) {
    const entry = entryOf(item);
    if (typeof entry === 'string') all.push(`item ${index + 1}: ${entry}`);
    else if (entry && !isWithdrawn(entry) && !entries.has(entry.key)) entries.set(entry.key, entry);
  }
  return { entries: [...entries.values()], problems: all };
}

/** {@link readItems} of an XML feed, which may break off. */
export function readFeed(feed: Feed, entryOf: (item: FeedItem) => Entry | string | undefined): Reading {
  return readItems(feed.items, entryOf, feed.truncated ? ['the feed breaks off before its end'] : []);
}
