import { createHash } from 'node:crypto';

const LONGEST_KEY = 500;

/** The key of an item with this link and title, both clean. */
export type KeyOf<T> = (item: T, link: string, title: string) => string;

/**
 * How the items of one feed are told apart: by their guids, else their links. A guid that several items share
 * says nothing about any of them, and so with links; then the title has to serve.
 */
export function keysWithin<T>(
  items: readonly T[],
  guidOf: (item: T) => string | undefined,
  linkOf: (item: T) => string | undefined,
): KeyOf<T> {
  const guids = countOf(items.map(guidOf));
  const links = countOf(items.map(linkOf));
  return (item, link, title) => {
    const guid = guidOf(item);
    if (guid !== undefined && guid.length <= LONGEST_KEY && guids.get(guid) === 1) return guid;
    if (link.length <= LONGEST_KEY && links.get(linkOf(item) ?? '') === 1) return link;
    return `title:${createHash('sha256').update(title.toLowerCase()).digest('hex').slice(0, 32)}`;
  };
}

function countOf(values: readonly (string | undefined)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
