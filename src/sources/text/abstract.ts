import { feedNames, namesOfPersons } from './author-lists.ts';
import { isBoilerplate, isCitation, withoutCitation } from './citation-line.ts';
import { blocksOf } from './description-blocks.ts';

/** What a description says, besides what is no abstract. */
export type Description = {
  /** Empty when there is none in it. */
  readonly abstract: string;
  /** Named in it, in a line of their own. */
  readonly authors: readonly string[];
  /** Its lines that say where the article stands; a DOI in them is the article's. */
  readonly citations: readonly string[];
};

/** What is known of the article, and is no abstract when a line repeats it. */
export type Known = {
  readonly title: string;
  /** Of the journal or the site. */
  readonly names: readonly string[];
};

const ABSTRACT_HEADING =
  /^(?:abstract|summary|résumé|zusammenfassung|resumen|resumo|riassunto|аннотация|摘要|要旨|抄録|초록)\s?[:.]?$/iu;
/** The first part of an abstract in parts: alone on its line it says nothing. */
const PART_HEADING =
  /^(?:purpose|background|objectives?|introduction|aims?|significance|context|motivation|synopsis|overview)\s?[:.]?$/i;
/** A heading that the text follows on its line. */
const INLINE_HEADING =
  /^(?:ABSTRACT\b[\s:.—–-]*|(?:[Aa]bstract|[Ss]ummary)\s?[:—–]\s*|(?:Abstract|Summary)\.?\s+(?=(?:We|The|This|These|In|A|An|Our|Here|To|For|It|As|At|By|On|Background|Objectives?|Purpose|Introduction|Aims?)\b)|(?:Abstract|Significance|Summary|Background|Objectives?|Purpose|Introduction|Aims?)(?=\p{Lu}\p{Ll}))/u;
const AUTHORS_LABEL = /^(?:by|authors?(?:\(s\))?\s*[:：])\s+/i;
const AUTHORS_BEHIND = /\bauthors?(?:\(s\))?\s*[:：]\s*(.+)$/i;
const PROCEEDINGS = /^(.{3,600}?) in ((?:proceedings|findings|transactions) of .+)$/i;
const LONGEST_LINE = 2000;

/**
 * Parts a description of an article into its abstract and what journals put around it: a citation line, the authors,
 * the title once more, headings, links. A text that is nothing else has no abstract.
 */
export function readDescription(html: string, known: Known): Description {
  const blocks = blocksOf(html);
  const authorLines = authorLinesOf(html);
  const heading = blocks.findIndex(
    (block) => ABSTRACT_HEADING.test(block) || /^abstract\s?[:—–]\s/i.test(block),
  );
  const start = heading >= 0 ? heading : leadingAsides(blocks, known);
  const front = blocks.slice(0, start).map((line) => asideOf(line, known, authorLines));
  const body = bodyOf(blocks.slice(ABSTRACT_HEADING.test(blocks[heading] ?? '') ? start + 1 : start), known);
  const isScrap = heading < 0 && front.length + body.dropped > 0 && !isProse(body.text);
  return {
    abstract: isScrap ? '' : body.text,
    authors: front.find(({ authors }) => authors.length > 0)?.authors ?? [],
    citations: [...front.flatMap(({ citation }) => citation), body.citation].filter((line) => line !== ''),
  };
}

/** A few words without an end are the name of a journal, or what else stands beside a citation. */
function isProse(text: string): boolean {
  return /[.!?。！？…:;]/.test(text) || text.split(' ').length > 12;
}

/** How many lines at the beginning are no abstract. */
function leadingAsides(blocks: readonly string[], known: Known): number {
  const first = blocks.findIndex((line) => !isAside(line, known));
  return first < 0 ? blocks.length : first;
}

function isAside(line: string, known: Known): boolean {
  return (
    repeats(line, known) ||
    isBoilerplate(line) ||
    isAuthors(line) ||
    isCitation(line) ||
    PART_HEADING.test(line)
  );
}

function isAuthors(line: string): boolean {
  if (line.length > LONGEST_LINE)
    return /^authors?(?:\(s\))?\s*[:：]/i.test(line) && !/[.!?]\s+\p{Lu}\p{Ll}{3,} \p{Ll}/u.test(line);
  if (/^authors?(?:\(s\))?\s*[:：]/i.test(line) || PROCEEDINGS.test(line)) return true;
  const names = namesOfPersons(line.replace(AUTHORS_LABEL, '')) ?? [];
  return names.length > 1 || (names.length === 1 && AUTHORS_LABEL.test(line));
}

/** The title or the journal's name, perhaps with the citation in front. */
function repeats(line: string, { title, names }: Known): boolean {
  const [bare, bareTitle] = [letters(line), letters(title)];
  if (bare === bareTitle || names.some((name) => letters(name) === bare)) return true;
  return (
    bareTitle.length > 20 &&
    bare.endsWith(bareTitle) &&
    isCitation(line.slice(0, line.length - title.length).replace(/[\s:]+$/, ''))
  );
}

function letters(text: string): string {
  return text
    .slice(0, 1000)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

type Aside = { readonly authors: readonly string[]; readonly citation: readonly string[] };

function asideOf(line: string, known: Known, authorLines: ReadonlyMap<string, readonly string[]>): Aside {
  if (repeats(line, known)) return { authors: [], citation: [] };
  const [, before = ''] = PROCEEDINGS.exec(line) ?? [];
  const behind =
    before || AUTHORS_BEHIND.exec(line)?.[1] || (isAuthors(line) ? line.replace(AUTHORS_LABEL, '') : '');
  if (behind === '') return { authors: [], citation: isCitation(line) ? [line] : [] };
  return { authors: authorLines.get(line) ?? feedNames([behind]), citation: [] };
}

/** Lists of authors that are told apart by the lines of the source only, by the line that is made of them. */
function authorLinesOf(html: string): ReadonlyMap<string, readonly string[]> {
  const label = /authors?(?:\(s\))?\s?[:：]/i.exec(html);
  const end = label === null ? -1 : html.indexOf('<', label.index);
  if (label === null || end < 0) return new Map();
  const line = html.slice(label.index, end);
  const list = line.slice(label[0].length).trim();
  return new Map(list.includes('\n') ? blocksOf(line).map((block) => [block, feedNames([list])]) : []);
}

/** The text of the lines, without what sites put behind it and headings before it. */
function bodyOf(
  blocks: readonly string[],
  known: Known,
): { text: string; citation: string; dropped: number } {
  let end = blocks.length;
  while (end > 0 && isTrailing(blocks[end - 1] ?? '', known)) end--;
  const first = blocks
    .slice(0, end)
    .findIndex((line) => !PART_HEADING.test(line) && !ABSTRACT_HEADING.test(line));
  const lines = first < 0 ? [] : blocks.slice(first, end).filter((line) => !isBoilerplate(line));
  const { text, citation } = withoutCitation(lines.join(' '));
  const bare = text.replace(INLINE_HEADING, '');
  const isNothing = repeats(bare, known) || isBoilerplate(bare) || isCitation(bare);
  const dropped = blocks.length - lines.length;
  return { text: isNothing ? '' : bare, citation: isCitation(bare) ? bare : citation, dropped };
}

function isTrailing(line: string, known: Known): boolean {
  return repeats(line, known) || isBoilerplate(line) || isCitation(line);
}

/** Feeds cut the text that they show in lists. */
const CUT_OFF = /(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*$/;

/**
 * Of several descriptions of one article the abstract that is whole: the first that has one, and another that begins
 * like it where the first was cut off.
 * @returns with the authors and citation lines that any of them names
 */
export function bestDescription(htmls: readonly string[], known: Known): Description {
  const all = htmls.map((html) => readDescription(html, known));
  const first = all.find(({ abstract }) => abstract !== '')?.abstract ?? '';
  const beginning = letters(first.replace(CUT_OFF, '')).slice(0, 60);
  const whole = CUT_OFF.test(first)
    ? all.find(({ abstract }) => abstract.length > first.length && letters(abstract).startsWith(beginning))
    : undefined;
  return {
    abstract: whole?.abstract ?? first,
    authors: all.find(({ authors }) => authors.length > 0)?.authors ?? [],
    citations: all.flatMap(({ citations }) => citations),
  };
}
