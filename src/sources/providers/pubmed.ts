import type { Entry } from '../../domain/entry.ts';
import { feedNames } from '../text/author-lists.ts';
import { cleanAbstract, cleanName, cleanTitle } from '../text/clean-text.ts';
import { firstDate } from '../text/dates.ts';
import { idsIn } from '../text/identifiers.ts';
import { paperLinks } from '../text/web-links.ts';
import { type FeedElement, type FeedItem, textOf, textsOf } from './feed-elements.ts';
import { parseFeed } from './feed-parser.ts';
import { readFeed, withUnreadDates } from './read-items.ts';
import type { Origin, Reading, Source } from './source.ts';

const BASE = 'https://pubmed.ncbi.nlm.nih.gov';
const ACCEPT = 'application/rss+xml, application/xml;q=0.9, */*;q=0.1';
const MOST = 100;
const ABSTRACT_HEADING = /^(?:[\s\S]{0,2000}?)<b>\s*ABSTRACT\s*<\/b>/;
const IDENTIFIERS_AT_END = /<p[^<>]{0,200}>\s*PMID:[\s\S]*$/;
/** Longer descriptions are cut before anything looks for a pattern in them. */
const LONGEST_RAW = 60_000;

/** The feed that PubMed makes of a saved search: `pubmed:FEED`, where FEED is the code in its address. */
export const pubmed: Source = async ({ spec, read, parse, clock }) => {
  const feed = spec.argument.split('/').map(encodeURIComponent).join('/');
  const reply = await read(`${spec.base ?? BASE}/rss/search/${feed}/?limit=${MOST}`, ACCEPT);
  return parse(parsePubmed, reply, { source: spec.name, seenAt: clock() });
};

/**
 * Reads PubMed's RSS 2.0, with its Dublin Core.
 * @throws FeedUnreadable
 */
export function parsePubmed(text: string, origin: Origin): Reading {
  return readFeed(withUnreadDates(parseFeed(text), datesOf, origin.seenAt), (item) => entryOf(item, origin));
}

function datesOf({ elements }: Pick<FeedItem, 'elements'>): (string | undefined)[] {
  return ['dc:date', 'pubdate', 'date'].map((name) => textOf(elements, name));
}

function entryOf({ elements }: FeedItem, origin: Origin): Entry | string {
  const title = cleanTitle(textOf(elements, 'title') ?? textOf(elements, 'dc:title') ?? '');
  const ids = idsIn([...textsOf(elements, 'guid', 'dc:identifier', 'link')]);
  if (ids.pubmed === undefined) return `no PubMed id${title === '' ? '' : ` (${title.slice(0, 80)})`}`;
  if (title === '') return `pubmed:${ids.pubmed} has no title`;
  const date = firstDate(datesOf({ elements }), origin.seenAt);
  const journal = cleanName(textOf(elements, 'dc:source') ?? '');
  return {
    source: origin.source,
    key: ids.pubmed,
    ids,
    // A title that was translated stands in brackets.
    title: title.replace(/^\[(.*)\]\.?$/, '$1'),
    abstract: abstractOf(elements),
    authors: feedNames(textsOf(elements, 'dc:creator')),
    links: paperLinks({ pubmed: ids.pubmed }),
    categories: journal === '' ? [] : [journal],
    ...(date && { listedOn: date.day, publishedAt: date.at }),
    signals: [],
  };
}

/** What stands under ABSTRACT, without the journal's line before it and the identifiers after it. */
function abstractOf(elements: readonly FeedElement[]): string {
  const given = textsOf(elements, 'content:encoded', 'description').map((text) => text.slice(0, LONGEST_RAW));
  const headed = given.find((text) => ABSTRACT_HEADING.test(text))?.replace(ABSTRACT_HEADING, '');
  const html = headed ?? textOf(elements, 'description')?.slice(0, LONGEST_RAW) ?? '';
  const abstract = cleanAbstract(html.replace(IDENTIFIERS_AT_END, ''));
  return /^NO ABSTRACT\b/.test(abstract) ? '' : abstract;
}
