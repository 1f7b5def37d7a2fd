import { ARXIV_ARCHIVES } from './arxiv-id.ts';
import { addDays, type Day, parseDay } from './day.ts';
import { normalized } from './unicode.ts';

/** A search: a paper must have all terms and none of `not`. */
export type PaperQuery = {
  readonly words: readonly string[];
  readonly phrases: readonly string[];
  readonly authors: readonly string[];
  /** `cs.CL`, or `cs` for all that begin so. */
  readonly categories: readonly string[];
  readonly not: readonly string[];
  /** Both days included. */
  readonly first?: Day;
  readonly last?: Day;
  /** Whether the query was cut to its limit. */
  readonly cut: boolean;
};

export const MAX_LETTERS = 300;
/** Of all terms together, those of phrases, names and `not` too: what a search costs grows with them. */
export const MAX_QUERY_WORDS = 16;
export const MAX_PHRASE_WORDS = 8;

const CATEGORY = new RegExp(`^(?:${ARXIV_ARCHIVES})\\.[a-z][a-z-]+$`, 'i');
const TERM = /(-?)(?:([a-z]+):)?(?:"([^"]*)"?|([^\s"]+))/giu;

/**
 * What no search index takes for more than one word: letters and digits that every one of them knows. Any other
 * character beyond ASCII counts as a word, because indexes differ on it.
 */
const INDEX_WORD = /[0-9a-zÀ-ÖØ-öø-žΆΈ-ΊΌΎ-ΡΣ-ώЁ-ӿא-תぁ-ゖァ-ヺ一-龥가-힣]+|[^\p{ASCII}\s]/giu;

type Field = 'words' | 'phrases' | 'authors' | 'categories' | 'not';
type Term = { readonly field: Field; readonly text: string };

/**
 * Reads a line from a search box: words, `"whole phrases"`, `author:Name`, `category:cs.CL` (or just `cs.CL`),
 * `from:2026-08-01`, `to:2026-08`, `-unwanted`. There are no syntax errors: anything else is searched as words.
 * Whatever is typed, the query stays within `MAX_QUERY_WORDS`.
 */
export function parsePaperQuery(line: string): PaperQuery {
  const { terms, ...days } = readTerms(line.slice(0, MAX_LETTERS));
  const { kept, cut } = withinLimits(terms);
  const of = (field: Field) => kept.flatMap((term) => (term.field === field ? [term.text] : []));
  return {
    words: of('words'),
    phrases: of('phrases'),
    authors: of('authors'),
    categories: of('categories'),
    not: of('not'),
    ...days,
    cut: cut || line.length > MAX_LETTERS,
  };
}

/** How many words a search index may make of a text, at most. */
export function countIndexWords(text: string): number {
  return text.match(INDEX_WORD)?.length ?? 0;
}

function readTerms(line: string): { terms: Term[]; first?: Day; last?: Day } {
  const terms: Term[] = [];
  const days: { first?: Day; last?: Day } = {};
  const add = (field: Field, ...texts: string[]) =>
    terms.push(...texts.map((text): Term => ({ field, text })));
  for (const [whole, minus, prefix = '', quoted, bare = ''] of line.matchAll(TERM)) {
    const text = plain(quoted ?? bare);
    if (text === '') continue;
    const name = prefix.toLowerCase();
    const day = name === 'from' ? firstOf(text) : name === 'to' ? lastOf(text) : undefined;
    if (minus === '-') add('not', text);
    else if (name === 'author' || name === 'au') add('authors', text);
    else if (name === 'category' || name === 'cat') add('categories', text);
    else if (day !== undefined) days[name === 'from' ? 'first' : 'last'] = day;
    else if (quoted !== undefined) add('phrases', text);
    else if (CATEGORY.test(text)) add('categories', text);
    else add('words', ...words(plain(whole)));
  }
  return { terms, ...days };
}

/** Each term once, and no more words than are looked for. */
function withinLimits(terms: readonly Term[]): { kept: Term[]; cut: boolean } {
  const kept = new Map<string, Term>();
  let left = MAX_QUERY_WORDS;
  let cut = false;
  for (const term of terms) {
    const text = beginning(term.text, Math.min(left, MAX_PHRASE_WORDS));
    const key = `${term.field}:${text.toLowerCase()}`;
    if (kept.has(key)) continue;
    if (text !== term.text) cut = true;
    // The beginning of an unwanted phrase would keep away more than was asked for.
    if (text === '' || (term.field === 'not' && text !== term.text)) continue;
    kept.set(key, { ...term, text });
    left -= countIndexWords(text);
  }
  return { kept: [...kept.values()], cut };
}

/** A text up to the end of so many of its words. */
function beginning(text: string, count: number): string {
  const found = [...text.matchAll(INDEX_WORD)];
  const last = found[count - 1];
  if (found.length <= count) return text;
  return last === undefined ? '' : text.slice(0, last.index + last[0].length);
}

/** Whether it narrows nothing at all. */
export function isEverything(query: PaperQuery): boolean {
  return !hasTerms(query) && query.not.length === 0 && !query.first && !query.last;
}

/** Whether a paper must have some text to be found. */
export function hasTerms({ words, phrases, authors, categories }: PaperQuery): boolean {
  return words.length + phrases.length + authors.length + categories.length > 0;
}

/** The search as interests of a subscriber, in the form of the CSV; days have no meaning for them. */
export function interestsOf(query: PaperQuery): string[] {
  const { words, phrases, authors, categories, not } = query;
  return [
    ...(words.length > 0 ? [words.join(' ')] : []),
    ...phrases,
    ...authors.map((name) => `author:${name}`),
    ...categories,
    ...not.map((text) => `-${text}`),
  ].map((topic) => topic.replaceAll(';', ' '));
}

/** One line without what no text has; empty when no letter and no digit is left. */
function plain(text: string): string {
  const line = normalized(text, 'NFC')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return /[\p{L}\p{N}]/u.test(line) ? line : '';
}

/** What is between punctuation: `self-attention` is two words that a paper must have. */
function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** `2026-08-19`, `2026-08` or `2026` */
function firstOf(text: string): Day | undefined {
  return parseDay(`${text}-01-01`) ?? parseDay(`${text}-01`) ?? parseDay(text);
}

function lastOf(text: string): Day | undefined {
  if (parseDay(`${text}-12-31`)) return `${text}-12-31`;
  const month = parseDay(`${text}-01`);
  if (month === undefined) return parseDay(text);
  return addDays(Temporal.PlainDate.from(month).add({ months: 1 }).toString(), -1);
}
