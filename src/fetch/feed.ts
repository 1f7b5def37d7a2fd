import { Parser } from 'htmlparser2';

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

export type FeedItem = { readonly about?: string; readonly elements: readonly FeedElement[] };

export type Feed = {
  readonly elements: readonly FeedElement[];
  readonly items: readonly FeedItem[];
  /** It broke off before its end; an item that was cut is not among the items. */
  readonly truncated: boolean;
};

const ROOTS = ['rss', 'feed', 'rdf:rdf'];
const ITEMS = ['item', 'entry'];
const DEEPEST = 100;
const MOST_TAGS = 1_000_000;
const MOST_ITEMS = 20_000;

/**
 * Reads RSS 0.9 to 2.0, RSS 1.0 (RDF) and Atom. Bears with what is not quite XML; expands no entities but
 * XML's own five and numbers, and refuses a document that declares some.
 * @throws FeedUnreadable saying what was there instead
 */
export function parseFeed(text: string): Feed {
  const elements: FeedElement[] = [];
  const items: FeedItem[] = [];
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
        if (path.length >= DEEPEST)
          throw new FeedUnreadable(`expected a feed, got ${DEEPEST} nested elements`);
        if (++tags > MOST_TAGS) throw new FeedUnreadable(`expected a feed, got over ${MOST_TAGS} elements`);
        path.push(name);
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
          if (!readAll && items.length < MOST_ITEMS) items.push(item);
          item = undefined;
        }
        path.pop();
      },
    },
    { xmlMode: true, lowerCaseAttributeNames: true },
  );
  parser.write(text);
  readAll = true;
  parser.end();
  if (tags === 0) throw notAFeed(`${JSON.stringify(text.trim().slice(0, 40))}`);
  return { elements, items, truncated };
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
