// How far the entries of one feed agree with what the feed says, by the rules of its publisher.
import type { Entry } from '../src/domain/entry.ts';
import { parsePubmed } from '../src/sources/providers/pubmed.ts';
import { parseRss } from '../src/sources/providers/rss.ts';
import { htmlToText } from '../src/sources/text/html.ts';
import { isNotice } from '../src/sources/text/notices.ts';
import { type Expected, element, RULES } from './feed-rules.ts';

export const FIELDS = ['title', 'link', 'day', 'abstract', 'authors'] as const;

export type Tally = { [field in (typeof FIELDS)[number]]: number } & {
  /** Those that are no notices. */
  items: number;
  lost: number;
  /** Which field of which item is not as expected. */
  wrong: string[];
};

/**
 * @param name of the feed's file, which begins with its host
 * @returns `undefined` where there is no rule for the host
 */
export async function agreementOf(name: string, text: string): Promise<Tally | undefined> {
  const rule = Object.entries(RULES).find(([host]) => name.startsWith(host))?.[1];
  if (rule === undefined) return undefined;
  const origin = { source: name, seenAt: Date.parse('2026-11-27T00:00:00Z'), url: 'https://lab.example/' };
  const { entries } = await (name.startsWith('pubmed') ? parsePubmed : parseRss)(text, origin);
  const tally: Tally = { items: 0, lost: 0, title: 0, link: 0, day: 0, abstract: 0, authors: 0, wrong: [] };
  const byTitle = new Map(entries.map((entry) => [letters(entry.title), entry]));
  for (const [item] of text.matchAll(/<(item|entry)[\s>][\s\S]*?<\/\1>/g)) {
    const title = htmlToText(element(item, 'title'));
    if (isNotice({ title: title.trim(), abstract: '' })) continue;
    const entry = byTitle.get(letters(title));
    tally.items++;
    if (entry === undefined) tally.lost++;
    else compare(entry, { ...expectedOf(item), ...readBy(rule, item) }, tally);
  }
  return tally;
}

function expectedOf(item: string): Expected {
  const href = /<link [^>]*href="([^"]+)"/.exec(item)?.[1];
  return {
    title: element(item, 'title'),
    link: href ?? element(item, 'link'),
    day: '',
    abstract: '',
    authors: [],
  };
}

function readBy(rule: (typeof RULES)[string], item: string): Partial<Expected> {
  return Object.fromEntries(Object.entries(rule).map(([field, read]) => [field, read(item)]));
}

function compare(entry: Entry, expected: Expected, tally: Tally): void {
  const link = entry.ids.pubmed ? `https://pubmed.ncbi.nlm.nih.gov/${entry.ids.pubmed}/` : expected.link;
  const agrees = {
    title: letters(entry.title) === letters(expected.title),
    link: entry.links.abstract === new URL(link.replace(/[?].*utm_.*$/, '')).href,
    day: (entry.listedOn ?? '') === expected.day,
    abstract: isSameText(entry.abstract, expected.abstract),
    authors: entry.authors.map(letters).join() === expected.authors.map(letters).join(),
  };
  for (const field of FIELDS) {
    if (agrees[field]) tally[field]++;
    else tally.wrong.push(`${field} of "${entry.title.slice(0, 60)}"`);
  }
}

/** What is longer than an abstract may be has an ellipsis at its end. */
function isSameText(read: string, expected: string): boolean {
  const [own, given] = [letters(read), letters(expected)];
  return read.endsWith('…') ? given.startsWith(own) : own === given;
}

/** Without marks and signs, which each cleans in its own way. */
function letters(html: string): string {
  return htmlToText(html)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}
