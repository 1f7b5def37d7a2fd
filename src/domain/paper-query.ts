import { addDays, type Day, parseDay } from './day.ts';
import { normalized } from './unicode.ts';

/** What somebody looks for: a paper must have all of it and nothing of `not`. */
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
};

const MOST_LETTERS = 300;
const MOST_TERMS = 16;

const ARCHIVES =
  'astro-ph|cond-mat|cs|econ|eess|gr-qc|hep-(?:ex|lat|ph|th)|math|math-ph|nlin|nucl-(?:ex|th)|physics|q-bio|q-fin|quant-ph|stat';
const CATEGORY = new RegExp(`^(?:${ARCHIVES})\\.[a-z][a-z-]+$`, 'i');

/**
 * Reads a line from a search box: words, `"whole phrases"`, `author:Name`, `category:cs.CL` (or just `cs.CL`),
 * `from:2026-08-01`, `to:2026-08`, `-unwanted`. There is no wrong syntax: what makes no sense is looked for as words.
 */
export function parsePaperQuery(line: string): PaperQuery {
  const query = { ...empty(), first: undefined as Day | undefined, last: undefined as Day | undefined };
  const terms = line.slice(0, MOST_LETTERS).matchAll(/(-?)(?:([a-z]+):)?(?:"([^"]*)"?|([^\s"]+))/giu);
  for (const [whole, minus, field, quoted, bare = ''] of [...terms].slice(0, MOST_TERMS)) {
    const text = plain(quoted ?? bare);
    if (text === '') continue;
    const name = field?.toLowerCase() ?? '';
    if (minus === '-') query.not.push(text);
    else if (name === 'author' || name === 'au') query.authors.push(text);
    else if (name === 'category' || name === 'cat') query.categories.push(text);
    else if (name === 'from' && firstOf(text)) query.first = firstOf(text);
    else if (name === 'to' && lastOf(text)) query.last = lastOf(text);
    else if (quoted !== undefined) query.phrases.push(text);
    else if (CATEGORY.test(text)) query.categories.push(text);
    else query.words.push(...words(plain(whole)));
  }
  const { first, last, ...rest } = query;
  return { ...rest, ...(first && { first }), ...(last && { last }) };
}

/** Whether it narrows nothing at all. */
export function isEverything(query: PaperQuery): boolean {
  return !hasTerms(query) && query.not.length === 0 && !query.first && !query.last;
}

/** Whether a paper must have some text to be found. */
export function hasTerms({ words, phrases, authors, categories }: PaperQuery): boolean {
  return words.length + phrases.length + authors.length + categories.length > 0;
}

/** The search as interests of a reader, in the form of the CSV; days have no meaning for them. */
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

function empty() {
  const list = (): string[] => [];
  return { words: list(), phrases: list(), authors: list(), categories: list(), not: list() };
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
