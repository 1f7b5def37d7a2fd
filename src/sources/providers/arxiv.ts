import { arxivId, arxivIdIn } from '../../domain/arxiv-id.ts';
import type { Day } from '../../domain/day.ts';
import type { Entry } from '../../domain/entry.ts';
import { cleanAbstract, cleanName, cleanTitle } from '../text/clean-text.ts';
import { firstDate } from '../text/dates.ts';
import { doiIn } from '../text/identifiers.ts';
import { splitNames } from '../text/names.ts';
import { paperLinks } from '../text/web-links.ts';
import { enrich } from './arxiv-api.ts';
import { type Feed, type FeedItem, textOf, textsOf } from './feed-elements.ts';
import { parseFeed } from './feed-parser.ts';
import { readFeed } from './read-items.ts';
import type { Origin, Reading, Source } from './source.ts';

const BASE = 'https://rss.arxiv.org';
const ACCEPT = 'application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1';
/** `(arXiv:1805.06430v2 [nucl-th] UPDATED)` at the end of the titles of the old feeds. */
const OLD_TAIL = /^\(arXiv:\S{1,40}\s{0,9}\[([^\]]{1,40})\]\s{0,9}([A-Z ]{0,40})\)$/;
/** Longer titles are cut before anything looks for a pattern in them. */
const LONGEST_RAW_TITLE = 4000;
const PREAMBLE = /^\s*arXiv:\S+\s+Announce Type:\s*(\S+)\s*(?:Abstract:\s*)?/i;

/**
 * The announcements of some categories, `arxiv:cs.CL+cs.LG`: one feed, built at midnight US Eastern. The API is asked
 * only for papers of which the feed tells less than a subscriber needs.
 */
export const arxiv: Source = async ({ spec, read, parse, clock, after }) => {
  const categories = spec.argument.split('+').map(encodeURIComponent).join('+');
  const reply = await read(`${spec.base ?? BASE}/rss/${categories}`, ACCEPT);
  const reading = await parse(parseArxiv, reply, { source: spec.name, seenAt: clock() });
  const { entries, problems } = await enrich(reading.entries, { read, parse, after }, spec.base);
  return { ...reading, entries, problems: [...reading.problems, ...problems] };
};

/**
 * Reads arXiv's RSS 2.0, its Atom, and its RSS 1.0 of before 2024. New papers and cross-lists are kept;
 * replacements are not new and are left out.
 * @throws FeedUnreadable
 */
export function parseArxiv(text: string, origin: Origin): Reading {
  const feed = parseFeed(text);
  const reading = readFeed(feed, (item) =>
    announceType(item).startsWith('replace') ? undefined : entryOf(item, feed, origin),
  );
  const batchOn = reading.entries.flatMap(({ listedOn }) => listedOn ?? []).reduce(later, '');
  return { ...reading, ...(batchOn !== '' && { batchOn }) };
}

function later(one: Day, other: Day): Day {
  return one > other ? one : other;
}

function entryOf({ elements, about }: FeedItem, feed: Feed, origin: Origin): Entry | string {
  const rawTitle = rawTitleOf(elements);
  const id = idOf([...textsOf(elements, 'guid', 'id', 'link'), ...linksOf(elements), about ?? '', rawTitle]);
  const title = cleanTitle(withoutOldTail(rawTitle));
  if (id === undefined) return `no arXiv id${title === '' ? '' : ` (${title.slice(0, 80)})`}`;
  if (title === '') return `arXiv:${id} has no title`;
  const doi = doiIn(textOf(elements, 'arxiv:doi') ?? '');
  const listedOn = listingDate(elements, feed, origin);
  return {
    source: origin.source,
    key: id,
    ids: { arxiv: id, ...(doi === undefined ? {} : { doi }) },
    title,
    abstract: cleanAbstract(summaryOf(elements).replace(PREAMBLE, '')),
    authors: splitNames(textsOf(elements, 'dc:creator', 'author').join(', ')),
    links: paperLinks({ arxiv: id }),
    categories: categoriesOf(elements, rawTitle),
    ...(listedOn === undefined ? {} : { listedOn }),
    signals: [],
  };
}

function idOf(texts: readonly string[]): string | undefined {
  for (const text of texts) {
    const id = arxivIdIn(text) ?? arxivId(text);
    if (id !== undefined) return id;
  }
  return undefined;
}

function announceType({ elements }: FeedItem): string {
  const stated = textOf(elements, 'arxiv:announce_type') ?? PREAMBLE.exec(summaryOf(elements))?.[1];
  if (stated !== undefined) return stated.trim().toLowerCase();
  return oldTail(rawTitleOf(elements))?.remark === 'UPDATED' ? 'replace' : 'new';
}

/** What stands at the end of an old title, and where that begins. */
function oldTail(title: string): { at: number; category: string; remark: string } | undefined {
  const at = title.lastIndexOf('(arXiv:');
  const [, category = '', remark = ''] = (at < 0 ? null : OLD_TAIL.exec(title.slice(at).trimEnd())) ?? [];
  return category === '' ? undefined : { at, category, remark };
}

function withoutOldTail(title: string): string {
  const tail = oldTail(title);
  return tail === undefined ? title : title.slice(0, tail.at).trimEnd().replace(/\.$/, '');
}

function rawTitleOf(elements: FeedItem['elements']): string {
  return (textOf(elements, 'title') ?? '').slice(0, LONGEST_RAW_TITLE);
}

function summaryOf(elements: FeedItem['elements']): string {
  return textOf(elements, 'description') ?? textOf(elements, 'summary') ?? '';
}

function linksOf(elements: FeedItem['elements']): string[] {
  return elements.flatMap(({ name, attributes }) => (name === 'link' ? [attributes.href ?? ''] : []));
}

/** The primary one first, as the feeds give them; the old ones name only that, in the title. */
function categoriesOf(elements: FeedItem['elements'], title: string): string[] {
  const given = elements.flatMap(({ name, attributes, text }) =>
    name === 'category' ? [cleanName(attributes.term ?? text)] : [],
  );
  const fallback = given.length > 0 ? given : [cleanName(oldTail(title)?.category ?? '')];
  return [...new Set(fallback)].filter((category) => category !== '');
}

function listingDate(elements: FeedItem['elements'], feed: Feed, { seenAt }: Origin): string | undefined {
  const own = [...textsOf(elements, 'pubdate', 'published'), ...textsOf(feed.elements, 'pubdate', 'dc:date')];
  return firstDate(own, seenAt)?.day;
}
