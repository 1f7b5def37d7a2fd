import { type FeedElement, type FeedItem, FeedUnreadable } from './feed-elements.ts';
import { OpenElement } from './open-element.ts';

const ROOTS = new Set(['rss', 'feed', 'rdf:rdf']);
const ITEMS = new Set(['item', 'entry']);
/** The deepest of feeds are some ten elements deep. */
export const DEEPEST = 100;
/** 20 MB of ordinary papers have 100,000. */
export const MOST_ELEMENTS = 300_000;
/** Elements whose own children may have the names of an item's. */
const HOLDERS = new Set([
  'source',
  'author',
  'contributor',
  'image',
  'textinput',
  'media:group',
  'media:content',
]);
/** May have an item of any kind in it. */
const WRAPPERS = new Set(['content', 'source']);
const MARKUP = new Set([
  'content',
  'content:encoded',
  'description',
  'summary',
  'dc:description',
  'subtitle',
  'rights',
]);
/** What an item or a channel has beside each other; the second kind are elements of HTML, too. */
const SIBLINGS =
  /^(?:guid|pubdate|published|updated|author|category|language|lastbuilddate|description|content:encoded|dc:[\w]+|prism:[\w]+)$/;
const ALSO_HTML = new Set(['title', 'link', 'summary', 'id', 'content']);
const NAME = /^[\p{L}_:][\p{L}\p{N}\p{M}_:.·-]*$/u;
/** What every feed has one of, also on a day without items. */
const OF_FEEDS = ['channel', 'id', 'title', 'updated', 'link'];

type OpenItem = { about?: string; base?: string; elements: FeedElement[] };

/**
 * Puts a feed together from its tags, as they come. What was never closed ends where the next of its kind begins; what
 * stands before the feed, beside its channel or under a second root is read, too.
 */
export class FeedBuilder {
  readonly elements: FeedElement[] = [];
  readonly items: FeedItem[] = [];
  /** The first element, when it is no feed's. */
  first: string | undefined;
  /** A name of an element around the items that cannot be one. */
  broken: string | undefined;
  isFeed = false;
  hasRoot = false;
  /** Whether an item had no end when the document was over. */
  cutOff = false;
  truncated = false;
  /** The names of the open elements, from the root on. */
  readonly #path: string[] = [];
  /** For each of them what addresses in it are relative to. */
  readonly #bases: (string | undefined)[] = [];
  #open: OpenElement | undefined;
  #item: OpenItem | undefined;
  #itemDepth = 0;
  #depth = 0;
  #tags = 0;

  /** @param url what addresses in the document are relative to */
  constructor(url: string | undefined) {
    this.#bases.push(url);
  }

  /** @throws FeedUnreadable when the elements are too many or nested too deeply */
  opens(name: string, attributes: { readonly [name: string]: string }): void {
    if (++this.#depth > DEEPEST) this.#checkDepth();
    if (++this.#tags > MOST_ELEMENTS) {
      throw new FeedUnreadable(`expected a feed, got more than ${MOST_ELEMENTS} elements`);
    }
    this.first ??= name;
    const isItem = ITEMS.has(name);
    if (this.#path.length === 0 && !ROOTS.has(name) && !(isItem && this.hasRoot)) return;
    this.hasRoot = true;
    this.#endUnclosed(name, isItem);
    this.#path.push(name);
    this.#bases.push(this.#baseIn(attributes));
    if (!this.#item && !this.#open) this.#meet(name);
    if (this.#open) this.#open.down(name);
    else if (this.#item) this.#open = new OpenElement(name, attributes, this.#path.length);
    else if (isItem) this.#begin(attributes);
    else if (this.#isOfChannel()) this.#open = new OpenElement(name, attributes, this.#path.length);
  }

  text(part: string): void {
    this.#open?.add(part, this.#path);
  }

  /** @param atEnd whether the document is over, so that the element was never closed */
  closes(name: string, atEnd: boolean): void {
    this.#depth--;
    // What was ended for it before has no end of its own any more.
    if (this.#path.at(-1) !== name) return;
    if (this.#path.length === 1) this.truncated = atEnd;
    if (this.#open && this.#path.length === this.#open.depth) this.#endOpen();
    else if (this.#open) this.#open.up(name);
    else if (this.#item && this.#path.length === this.#itemDepth) {
      if (atEnd) this.cutOff = true;
      else this.items.push(this.#item);
      this.#item = undefined;
    }
    this.#leave(this.#path.length - 1);
  }

  /** Items that were never closed nest in one another, and each is ended by the next. */
  #checkDepth(): void {
    if (this.#path.length >= DEEPEST || !this.hasRoot || this.#depth > DEEPEST * 100)
      throw new FeedUnreadable(`expected a feed, got more than ${DEEPEST} nested elements`);
  }

  #begin(attributes: { readonly [name: string]: string }): void {
    const about = attributes['rdf:about'];
    const base = this.#bases.at(-1);
    this.#item = { ...(about !== undefined && { about }), ...(base !== undefined && { base }), elements: [] };
    this.#itemDepth = this.#path.length;
  }

  #endUnclosed(name: string, isItem: boolean): void {
    const open = this.#open;
    if (isItem) {
      if (open && this.#item && WRAPPERS.has(open.name)) return;
      if (open) this.#endOpenAt(open);
      if (!this.#item) return;
      this.items.push(this.#item);
      this.#item = undefined;
      this.#leave(this.#itemDepth - 1);
    } else if (open && !HOLDERS.has(open.name)) {
      const isSibling = SIBLINGS.test(name) || (ALSO_HTML.has(name) && !MARKUP.has(open.name));
      if (isSibling) this.#endOpenAt(open);
    }
  }

  #endOpenAt(open: OpenElement): void {
    this.#endOpen();
    this.#leave(open.depth - 1);
  }

  #endOpen(): void {
    if (this.#open) (this.#item?.elements ?? this.elements).push(this.#open.close());
    this.#open = undefined;
  }

  #leave(length: number): void {
    this.#path.length = Math.min(this.#path.length, length);
    this.#bases.length = this.#path.length + 1;
  }

  #baseIn(attributes: { readonly [name: string]: string }): string | undefined {
    const outer = this.#bases.at(-1);
    const own = attributes['xml:base'];
    return own === undefined ? outer : (URL.parse(own, outer)?.href ?? outer);
  }

  #meet(name: string): void {
    if (!NAME.test(name)) this.broken ??= name.slice(0, 40);
    this.isFeed ||= OF_FEEDS.includes(name);
  }

  #isOfChannel(): boolean {
    const { length } = this.#path;
    return length === 2 ? this.#path[1] !== 'channel' : length === 3 && this.#path[1] === 'channel';
  }
}
