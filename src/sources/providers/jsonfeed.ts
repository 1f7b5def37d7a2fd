import * as z from 'zod';
import type { Entry } from '../../domain/entry.ts';
import { cleanAbstract, cleanTitle } from '../text/clean-text.ts';
import { firstDate } from '../text/dates.ts';
import { idsIn } from '../text/identifiers.ts';
import { jsonList, namedList, optionalText } from '../text/json.ts';
import { cleanNames } from '../text/names.ts';
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
  return readItems(items, (item) => (item ? entryOf(item, keyOf, origin) : 'expected an object'));
}

function entryOf(item: Item, keyOf: KeyOf<Item>, origin: Origin): Entry | string {
  const title = cleanTitle(item.title ?? '');
  const addresses = [item.url, item.external_url];
  const id = /^https?:/i.test(item.id ?? '') ? item.id : undefined;
  const link = [...addresses, id].map((address) => webLink(address, origin.url)).find(Boolean);
  if (title === '') return `no title${link === undefined ? '' : ` (${link.slice(0, 80)})`}`;
  if (link === undefined) return `no http or https link (${title.slice(0, 80)})`;
  const dates = [item.date_published, item.date_modified];
  const date = firstDate(dates, origin.seenAt);
  const names = item.authors.length > 0 || !item.author ? item.authors : [item.author];
  return {
    source: origin.source,
    key: keyOf(item, link, title),
    ids: idsIn([item.id, ...addresses].map((text) => text ?? '')),
    title,
    abstract: abstractOf(item),
    authors: cleanNames(names.map(({ name }) => name ?? '')),
    links: { abstract: link },
    categories: cleanNames([...new Set(item.tags)].slice(0, MOST_CATEGORIES)),
    ...(date && { listedOn: date.day, publishedAt: date.at }),
    signals: [],
  };
}

function abstractOf({ summary, content_text, content_html }: Item): string {
  for (const text of [summary, content_text, content_html]) {
    const abstract = cleanAbstract(text ?? '');
    if (abstract !== '') return abstract;
  }
  return '';
}
