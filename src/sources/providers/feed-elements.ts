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

/** The text of the first element of that name that has any. */
export function textOf(elements: readonly FeedElement[], name: string): string | undefined {
  return elements.find((element) => element.name === name && element.text !== '')?.text;
}

/** The texts of all the elements of these names, in document order. */
export function textsOf(elements: readonly FeedElement[], ...names: string[]): string[] {
  return elements.filter(({ name, text }) => names.includes(name) && text !== '').map(({ text }) => text);
}
