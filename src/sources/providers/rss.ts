import type { Entry } from '../../domain/entry.ts';
import { bestDescription } from '../text/abstract.ts';
import { feedNames } from '../text/author-lists.ts';
import { cleanName, cleanTitle } from '../text/clean-text.ts';
import { firstDate } from '../text/dates.ts';
import { idsIn } from '../text/identifiers.ts';
import { paperLinks, webLink } from '../text/web-links.ts';
import { type FeedElement, type FeedItem, textOf, textsOf } from './feed-elements.ts';
import { parseFeed } from './feed-parser.ts';
import { type KeyOf, keysWithin } from './item-keys.ts';
import { readPlainFeed } from './plain-feed.ts';
import { readFeed, withUnreadDates } from './read-items.ts';
import type { Origin, Reading, Source } from './source.ts';

const ACCEPT =
  'application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.1';
/** Where an abstract may stand, the likeliest first. */
const DESCRIPTIONS = [
  'dcterms:abstract',
  'abstract',
  'description',
  'summary',
  'dc:description',
  'content:encoded',
  'content',
  'prism:teaser',
  'prism:description',
  'media:description',
  'dcterms:description',
  'itunes:summary',
];
const DATES = [
  'pubdate',
  'published',
  'issued',
  'dc:date',
  'dcterms:issued',
  'dcterms:created',
  'dcterms:date',
  'prism:publicationdate',
  'date',
  'updated',
  'modified',
  'dcterms:modified',
];
const AUTHORS = ['dc:creator', 'author', 'authors', 'creator', 'dcterms:creator', 'itunes:author'];
const IDENTIFIERS = ['guid', 'id', 'prism:doi', 'dc:identifier', 'arxiv:doi', 'link', 'prism:url'];
const MOST_CATEGORIES = 20;

/** Any feed of papers: a journal, a lab, a blog. */
export const rss: Source = async ({ spec, read, parse, clock }) => {
  const reply = await read(spec.argument, ACCEPT);
  return parse(parseRss, reply, { source: spec.name, seenAt: clock(), url: reply.url });
};

/**
 * Reads RSS of any version and Atom: by rss-parser, and what that cannot give back whole by our own tolerant
 * subscriber. An item needs a title and a link; everything else may be missing.
 * @throws FeedUnreadable
 */
export async function parseRss(text: string, origin: Origin): Promise<Reading> {
  const feed = (await readPlainFeed(text)) ?? parseFeed(text, origin.url);
  const keyOf = keysWithin(feed.items, guidOf, (item) => linksOf(item)[0]);
  const told = withUnreadDates(feed, datesOf, origin.seenAt);
  return readFeed(told, (item) => entryOf(item, { keyOf, origin, feed: feed.elements }));
}

type Reader = {
  readonly keyOf: KeyOf<FeedItem>;
  readonly origin: Origin;
  /** Those of the feed itself. */
  readonly feed: readonly FeedElement[];
};

function entryOf(item: FeedItem, { keyOf, origin, feed }: Reader): Entry | string {
  const { elements } = item;
  const title = titleOf(elements);
  const page = linksOf(item)
    .map((address) => webLink(address, item.base ?? origin.url))
    .find((address) => address !== undefined);
  const description = bestDescription(
    DESCRIPTIONS.flatMap((name) => textsOf(elements, name)),
    { title, names: journalNames(elements, feed) },
  );
  const identifiers = IDENTIFIERS.flatMap((name) => textsOf(elements, name));
  const ids = idsIn([...identifiers, page ?? '', ...description.citations]);
  const link = page ?? (ids.doi && paperLinks({ doi: ids.doi }).abstract);
  if (title === '') return `no title${link === undefined ? '' : ` (${link.slice(0, 80)})`}`;
  if (link === undefined) return `no http or https link (${title.slice(0, 80)})`;
  const date = firstDate(datesOf(item), origin.seenAt);
  return {
    source: origin.source,
    key: keyOf(item, link, title),
    ids,
    title,
    abstract: description.abstract,
    authors: authorsOf(elements, description.authors, feed),
    links: { abstract: link },
    categories: categoriesOf(elements),
    ...(date === undefined ? {} : { listedOn: date.day, publishedAt: date.at }),
    signals: [],
  };
}

/** MDPI writes the journal, the volume and the pages in front of it. */
function titleOf(elements: readonly FeedElement[]): string {
  const given = ['title', 'dc:title', 'dcterms:title', 'media:title'].map((name) => textOf(elements, name));
  const title = given.map((text) => cleanTitle(text ?? '')).find((text) => text !== '') ?? '';
  return title.replace(/^[^,:]{2,60}, Vol\. \d{1,4}, Pages? [\w–-]{1,20}: (?=\S)/, '');
}

function datesOf({ elements }: FeedItem): (string | undefined)[] {
  return DATES.map((name) => textOf(elements, name));
}

function journalNames(elements: readonly FeedElement[], feed: readonly FeedElement[]): string[] {
  const names = [
    ...textsOf(elements, 'prism:publicationname', 'dc:source', 'source'),
    ...textsOf(feed, 'title', 'prism:publicationname'),
  ];
  return names.map(cleanName);
}

/** Those of the item; where it names none, the ones its description names, and then the feed's own (RFC 4287, 4.2.1). */
function authorsOf(
  elements: readonly FeedElement[],
  described: readonly string[],
  feed: readonly FeedElement[],
): readonly string[] {
  const own =
    AUTHORS.map((name) => feedNames(textsOf(elements, name))).find((names) => names.length > 0) ?? [];
  // Some elements name only the first author, and the line under the title all.
  if (described.length > own.length && own.every((name) => described.includes(name))) return described;
  return own.length > 0 ? own : feedNames(textsOf(feed, 'author'));
}

function guidOf({ elements, about }: FeedItem): string | undefined {
  return textOf(elements, 'guid') ?? textOf(elements, 'id') ?? about;
}

/** Where an item may say that it lives, best first. */
function linksOf({ elements, about }: FeedItem): string[] {
  const links = elements.filter(({ name }) => name === 'link');
  const atom = links.filter(({ attributes }) => (attributes.rel ?? 'alternate') === 'alternate');
  const permanent = elements.filter(
    ({ name, attributes, text }) =>
      (name === 'id' || (name === 'guid' && attributes.ispermalink !== 'false')) && /^https?:/i.test(text),
  );
  return [
    ...atom.map(({ attributes, text }) => attributes.href ?? text),
    ...permanent.map(({ text }) => text),
    about ?? '',
  ].filter((link) => link !== '');
}

function categoriesOf(elements: readonly FeedElement[]): string[] {
  const given = elements.flatMap(({ name, attributes, text }) =>
    name === 'category' || name === 'dc:subject' ? [cleanName(attributes.term ?? text)] : [],
  );
  return [...new Set(given)].filter((category) => category !== '').slice(0, MOST_CATEGORIES);
}
