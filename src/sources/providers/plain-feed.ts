import Parser from 'rss-parser';
import { withoutNonXml } from '../../domain/unicode.ts';
import { scanXml } from '../text/xml-scan.ts';
import { DEEPEST, MOST_ELEMENTS } from './feed-builder.ts';
import type { Feed, FeedElement, FeedItem } from './feed-elements.ts';
import { type NameOf, usualNames } from './feed-names.ts';
import { parseFeed } from './feed-parser.ts';

/** What xml2js, under rss-parser, makes of an element: its text, or its text, attributes and children. */
type XmlNode =
  | string
  | { readonly _?: string; readonly $?: Record<string, string>; readonly [child: string]: unknown };
type XmlItem = { readonly $?: Record<string, string>; readonly [name: string]: unknown };

/** Thrown for feeds that rss-parser would not give back whole. */
class NotPlain extends Error {}

/**
 * rss-parser finds the kind of feed and its items; the items are taken as they stand in the XML. Its own reading
 * of an item gives up the whole feed for one bad date, and its snippets take quadratic time on hostile text.
 */
class PlainFeedParser extends Parser {
  readonly #nameOf: NameOf;

  constructor(nameOf: NameOf) {
    super();
    this.#nameOf = nameOf;
  }

  parseItemRss(item: XmlItem): FeedItem {
    return itemOf(item, this.#nameOf);
  }

  parseItemAtom(entry: XmlItem): FeedItem {
    return itemOf(entry, this.#nameOf);
  }
}

const FIRST_ITEM = /<(?:item|entry)[\s/>]/i;

/**
 * Reads well-formed RSS and Atom whose items hold text only. What is under rss-parser has no limits of its own, and
 * takes cubic time on declarations: a document is counted before it comes there.
 * @returns `undefined` for anything else: mark-up inside an element, whose place in the text would be lost, XML
 *   that is not well-formed, items where rss-parser does not look for them, too much of anything, no feed at all
 */
export async function readPlainFeed(text: string): Promise<Feed | undefined> {
  const xml = withoutNonXml(text);
  const { elements, depth, items, declares } = scanXml(xml);
  if (items === 0 || declares || elements > MOST_ELEMENTS || depth > DEEPEST) return undefined;
  // rss-parser does not hand on what addresses are relative to.
  if (/\sxml:base\s?=/.test(xml)) return undefined;
  try {
    const feed = await new PlainFeedParser(usualNames(xml)).parseString(xml);
    if (feed.items.length !== items) return undefined;
    const { elements } = parseFeed(xml.slice(0, FIRST_ITEM.exec(xml)?.index ?? 0));
    return { elements, items: feed.items as unknown as FeedItem[], problems: [] };
  } catch {
    return undefined;
  }
}

function itemOf(item: XmlItem, nameOf: NameOf): FeedItem {
  const about = item.$?.['rdf:about'];
  const elements: FeedElement[] = [];
  for (const [name, nodes] of Object.entries(item)) {
    if (name === '$' || !Array.isArray(nodes)) continue;
    for (const node of nodes as XmlNode[]) elements.push(elementOf(nameOf(name), node));
  }
  return { ...(about !== undefined && { about }), elements };
}

function elementOf(name: string, node: XmlNode): FeedElement {
  if (typeof node === 'string') return { name, attributes: {}, text: node.trim() };
  const { _: text = '', $: given = {}, ...children } = node;
  const attributes = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key.toLowerCase(), value]),
  );
  const author = name === 'author' && Array.isArray(children.name) ? String(children.name[0]) : undefined;
  if (author === undefined && Object.keys(children).length > 0) throw new NotPlain(name);
  return { name, attributes, text: (author ?? text).trim() };
}
