import { Parser } from 'htmlparser2';
import { withoutNonXml } from '../../domain/unicode.ts';

/** What stands where a feed should be: not RSS or Atom, or XML made to harm. */
export class FeedUnreadable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FeedUnreadable';
  }
}

export type FeedElement = {
  /** With its usual prefix, in lower case: `title`, `dc:creator`, `arxiv:announce_type`. */
  readonly name: string;
  readonly attributes: { readonly [name: string]: string };
  /** Decoded once, as XML: HTML that was escaped in it is HTML now, and so are elements that stood in it. */
  readonly text: string;
};

export type FeedItem = {
  readonly about?: string;
  /** What its relative addresses are relative to, where `xml:base` says so. */
  readonly base?: string;
  readonly elements: readonly FeedElement[];
};

export type Feed = {
  readonly elements: readonly FeedElement[];
  readonly items: readonly FeedItem[];
  /** What keeps it from being read whole; an item that was cut off is not among the items. */
  readonly problems: readonly string[];
};

const ROOTS = ['rss', 'feed', 'rdf:rdf'];
const ITEMS = ['item', 'entry'];
/** The deepest of feeds are some ten elements deep. */
export const DEEPEST = 100;
/** 20 MB of ordinary papers have 100,000. */
export const MOST_ELEMENTS = 300_000;
const NAME = /^[\p{L}_:][\p{L}\p{N}\p{M}_:.·-]*$/u;
/** What every feed has one of, also on a day without items. */
const OF_FEEDS = ['channel', 'id', 'title', 'updated', 'link'];
const ITEM_IN_TEXT = /<(?:item|entry)[\s/>]/i;
const LOCAL_ITEM = /^[^:]+:(?:item|entry)$/;

/**
 * Reads RSS 0.9 to 2.0, RSS 1.0 (RDF) and Atom. Bears with what is not quite XML; expands no entities but
 * XML's own five and numbers, and refuses a document that declares some.
 * @throws FeedUnreadable saying what was there instead
 */
export function parseFeed(text: string, _url?: string): Feed {
  const elements: FeedElement[] = [];
  const items: FeedItem[] = [];
  const oddities = new Oddities();
  const path: string[] = [];
  let open: Open | undefined;
  let item: { about?: string; elements: FeedElement[] } | undefined;
  let itemDepth = 0;
  let tags = 0;
  let truncated = false;
  // What is closed after the last character was never closed.
  let readAll = false;

  const parser = new Parser(
    {
      onprocessinginstruction(name, data) {
        if (/^!entity/i.test(name) || /^!doctype.*(\[|!entity)/is.test(data)) {
          throw new FeedUnreadable('expected a feed, got XML that declares entities of its own');
        }
      },
      onopentag(raw, attributes) {
        const name = raw.toLowerCase();
        if (path.length === 0 && !ROOTS.includes(name)) throw notAFeed(`an element <${name.slice(0, 40)}>`);
        if (path.length >= DEEPEST) throw tooDeep();
        if (++tags > MOST_ELEMENTS) throw tooMany();
        path.push(name);
        if (!item && !open) oddities.meet(name);
        if (open) open.down(name);
        else if (item) open = new Open(name, attributes, path.length);
        else if (ITEMS.includes(name)) {
          const about = attributes['rdf:about'];
          item = { ...(about === undefined ? {} : { about }), elements: [] };
          itemDepth = path.length;
        } else if (isOfChannel(path)) open = new Open(name, attributes, path.length);
      },
      ontext(part) {
        open?.add(part, path);
      },
      onclosetag() {
        if (path.length === 1) truncated = readAll;
        if (open && path.length === open.depth) {
          (item?.elements ?? elements).push(open.close());
          open = undefined;
        } else if (open) open.up(path.at(-1) ?? '');
        else if (item && path.length === itemDepth) {
          if (!readAll) items.push(item);
          item = undefined;
        }
        path.pop();
      },
    },
    { xmlMode: true, lowerCaseAttributeNames: true },
  );
  // A single one of them would break the name of an element.
  parser.write(withoutNonXml(text));
  readAll = true;
  parser.end();
  if (tags === 0) throw notAFeed(`${JSON.stringify(text.trim().slice(0, 40))}`);
  const brokenOff = truncated ? ['the feed breaks off before its end'] : [];
  return { elements, items, problems: [...brokenOff, ...oddities.problems(items.length, text)] };
}

function tooDeep(): FeedUnreadable {
  return new FeedUnreadable(`expected a feed, got more than ${DEEPEST} nested elements`);
}

function tooMany(): FeedUnreadable {
  return new FeedUnreadable(`expected a feed, got more than ${MOST_ELEMENTS} elements`);
}

/** Elements around the items by which a broken feed is told from one that has nothing today. */
class Oddities {
  #broken: string | undefined;
  #prefixed: string | undefined;
  #isFeed = false;

  meet(name: string): void {
    if (!NAME.test(name)) this.#broken ??= name.slice(0, 40);
    if (LOCAL_ITEM.test(name)) this.#prefixed ??= name.slice(0, 40);
    this.#isFeed ||= OF_FEEDS.includes(name);
  }

  problems(items: number, text: string): string[] {
    if (this.#broken !== undefined) return [`a broken element: <${this.#broken}>`];
    if (items > 0) return [];
    if (this.#prefixed !== undefined) return [`expected <item> or <entry>, got <${this.#prefixed}>`];
    if (ITEM_IN_TEXT.test(text)) return ['it has items where none can be read: in a comment or a text'];
    return this.#isFeed ? [] : ['expected a feed, got neither a channel nor a title'];
  }
}

function isOfChannel(path: readonly string[]): boolean {
  return path.length === 2 ? path[1] !== 'channel' : path.length === 3 && path[1] === 'channel';
}

function notAFeed(what: string): FeedUnreadable {
  return new FeedUnreadable(`expected RSS or Atom, got ${what}`);
}

/** An element whose end is still to come. */
class Open {
  readonly name: string;
  readonly depth: number;
  readonly #attributes: { readonly [name: string]: string };
  readonly #parts: string[] = [];

  constructor(name: string, attributes: { [name: string]: string }, depth: number) {
    this.name = name;
    this.depth = depth;
    this.#attributes = attributes;
  }

  down(name: string): void {
    if (this.name !== 'author') this.#parts.push(`<${name}>`);
  }

  up(name: string): void {
    if (this.name !== 'author') this.#parts.push(`</${name}>`);
  }

  add(part: string, path: readonly string[]): void {
    const nested = path.length > this.depth;
    if (this.name === 'author') {
      if (!nested || path.at(-1) === 'name') this.#parts.push(part);
    } else this.#parts.push(nested ? part.replaceAll('&', '&amp;').replaceAll('<', '&lt;') : part);
  }

  close(): FeedElement {
    return { name: this.name, attributes: this.#attributes, text: this.#parts.join('').trim() };
  }
}

/** The text of the first element of that name that has any. */
export function textOf(elements: readonly FeedElement[], name: string): string | undefined {
  return elements.find((element) => element.name === name && element.text !== '')?.text;
}

/** The texts of all the elements of these names, in document order. */
export function textsOf(elements: readonly FeedElement[], ...names: string[]): string[] {
  return elements.filter(({ name, text }) => names.includes(name) && text !== '').map(({ text }) => text);
}
