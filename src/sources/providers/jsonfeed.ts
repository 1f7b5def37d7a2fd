import * as z from 'zod';
import type { Entry } from '../../domain/entry.ts';
import { bestDescription } from '../text/abstract.ts';
import { feedNames } from '../text/author-lists.ts';
import { cleanName, cleanTitle } from '../text/clean-text.ts';
import { firstDate } from '../text/dates.ts';
import { idsIn } from '../text/identifiers.ts';
import { jsonList, jsonObject, namedList, optionalText } from '../text/json.ts';
import { cleanNames } from '../text/names.ts';
import { unreadDates } from '../text/unread-dates.ts';
import { webLink } from '../text/web-links.ts';
import { type KeyOf, keysWithin } from './item-keys.ts';
import { MOST_ITEMS, readItems } from './read-items.ts';
import type { Origin, Reading, Source } from './source.ts';

const ACCEPT = 'application/feed+json, application/json;q=0.9, */*;q=0.1';
const MOST_CATEGORIES = 20;

const ITEM = z.object({
  // Version 1.0 asks subscribers to bear with numbers.
  id: z
    .union([z.string(), z.number().transform(String)])
    .optional()
    .catch(undefined),
  url: optionalText,
  external_url: optionalText,
  title: optionalText,
  summary: optionalText,
  content_text: optionalText,
  content_html: optionalText,
  date_published: optionalText,
  date_modified: optionalText,
  authors: namedList,
  author: z.object({ name: optionalText }).optional().catch(undefined),
  tags: z.array(z.string().catch('')).catch([]),
});
type Item = z.infer<typeof ITEM>;

const FEED = z
  .object({ title: optionalText, authors: namedList, author: ITEM.shape.author })
  .catch({ title: undefined, authors: [], author: undefined });
type Feed = z.infer<typeof FEED>;

/** Any JSON Feed of papers: a journal, a lab, a blog. */
export const jsonfeed: Source = async ({ spec, read, parse, clock }) => {
  const reply = await read(spec.argument, ACCEPT);
  return parse(parseJsonFeed, reply, { source: spec.name, seenAt: clock(), url: reply.url });
};

/**
 * Reads JSON Feed 1.0 and 1.1. An item needs a title and a link; everything else may be missing.
 * @throws NotAList
 */
export function parseJsonFeed(json: string, origin: Origin): Reading {
  const list = jsonList(json, { key: 'items' });
  const items = list.map((value, index) => (index < MOST_ITEMS ? ITEM.safeParse(value).data : undefined));
  const keyOf = keysWithin(
    items,
    (item) => item?.id,
    (item) => item?.url ?? item?.external_url,
  );
  const feed = FEED.parse(jsonObject(json));
  const problems = unreadDates(items.map(datesOf), origin.seenAt);
  return readItems(
    items,
    (item) => (item ? entryOf(item, feed, keyOf, origin) : 'expected an object'),
    problems,
  );
}

function datesOf(item: Item | undefined): (string | undefined)[] {
  return [item?.date_published, item?.date_modified];
}

function namesIn({ authors, author }: Pick<Item, 'authors' | 'author'>): string[] {
  const given = authors.length > 0 || !author ? authors : [author];
  return feedNames(given.map(({ name }) => name ?? ''));
}

function entryOf(item: Item, feed: Feed, keyOf: KeyOf<Item>, origin: Origin): Entry | string {
  const title = cleanTitle(item.title ?? '');
  const addresses = [item.url, item.external_url];
  const id = /^https?:/i.test(item.id ?? '') ? item.id : undefined;
  const link = [...addresses, id].map((address) => webLink(address, origin.url)).find(Boolean);
  if (title === '') return `no title${link === undefined ? '' : ` (${link.slice(0, 80)})`}`;
  if (link === undefined) return `no http or https link (${title.slice(0, 80)})`;
  const date = firstDate(datesOf(item), origin.seenAt);
  const texts = [item.summary, item.content_text, item.content_html].map((text) => text ?? '');
  const description = bestDescription(texts, { title, names: [cleanName(feed.title ?? '')] });
  const authors = [namesIn(item), description.authors, namesIn(feed)].find(({ length }) => length > 0) ?? [];
  return {
    source: origin.source,
    key: keyOf(item, link, title),
    ids: idsIn([item.id, ...addresses, ...description.citations].map((text) => text ?? '')),
    title,
    abstract: description.abstract,
    authors,
    links: { abstract: link },
    categories: cleanNames([...new Set(item.tags)].slice(0, MOST_CATEGORIES)),
    ...(date && { listedOn: date.day, publishedAt: date.at }),
    signals: [],
  };
}
