import type { Entry } from '../../domain/entry.ts';
import { cleanAbstract, cleanName, cleanTitle } from '../text/clean-text.ts';
import { firstDate } from '../text/dates.ts';
import { idsIn } from '../text/identifiers.ts';
import { feedNames } from '../text/names.ts';
import { webLink } from '../text/web-links.ts';
import { type FeedElement, type FeedItem, parseFeed, textOf, textsOf } from './feed-parser.ts';
import { type KeyOf, keysWithin } from './item-keys.ts';
import { readPlainFeed } from './plain-feed.ts';
import { readFeed } from './read-items.ts';
import type { Origin, Reading, Source } from './source.ts';

const ACCEPT =
  'application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.1';
const SUMMARIES = ['description', 'summary', 'dc:description', 'content:encoded', 'content'];
const DATES = ['pubdate', 'published', 'dc:date', 'prism:publicationdate', 'updated'];
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
  const feed = (await readPlainFeed(text)) ?? parseFeed(text);
  const keyOf = keysWithin(feed.items, guidOf, (item) => linksOf(item)[0]);
  return readFeed(feed, (item) => entryOf(item, keyOf, origin));
}

function entryOf(item: FeedItem, keyOf: KeyOf<FeedItem>, origin: Origin): Entry | string {
  const { elements } = item;
  const title = cleanTitle(textOf(elements, 'title') ?? textOf(elements, 'dc:title') ?? '');
  const link = linksOf(item)
    .map((address) => webLink(address, origin.url))
    .find((address) => address !== undefined);
  if (title === '') return `no title${link === undefined ? '' : ` (${link.slice(0, 80)})`}`;
  if (link === undefined) return `no http or https link (${title.slice(0, 80)})`;
  const date = firstDate(
    DATES.map((name) => textOf(elements, name)),
    origin.seenAt,
  );
  return {
    source: origin.source,
    key: keyOf(item, link, title),
    ids: idsIn([...IDENTIFIERS.flatMap((name) => textsOf(elements, name)), link]),
    title,
    abstract: abstractOf(elements),
    authors: feedNames(
      textsOf(elements, 'dc:creator', ...(textOf(elements, 'dc:creator') ? [] : ['author'])),
    ),
    links: { abstract: link },
    categories: categoriesOf(elements),
    ...(date === undefined ? {} : { listedOn: date.day, publishedAt: date.at }),
    signals: [],
  };
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

function abstractOf(elements: readonly FeedElement[]): string {
  for (const name of SUMMARIES) {
    const abstract = cleanAbstract(textOf(elements, name) ?? '');
    if (abstract !== '') return abstract;
  }
  return '';
}

function categoriesOf(elements: readonly FeedElement[]): string[] {
  const given = elements.flatMap(({ name, attributes, text }) =>
    name === 'category' || name === 'dc:subject' ? [cleanName(attributes.term ?? text)] : [],
  );
  return [...new Set(given)].filter((category) => category !== '').slice(0, MOST_CATEGORIES);
}
