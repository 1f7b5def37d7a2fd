import Handlebars from 'handlebars';
import type { PaperLinks } from '../domain/entry.ts';
import type { NotedPaper } from '../domain/issue.ts';
import type { Words } from '../domain/language.ts';
import type { Paper, RankedPaper } from '../domain/paper.ts';
import { reasonsInWords } from '../domain/reason.ts';
import { compactNumber, siteName } from '../domain/site-name.ts';
import type { Summaries } from '../domain/summary.ts';
import { paperLine } from '../papers/paper-line.ts';
import { httpUrl, plainText } from './plain-text.ts';

/**
 * What a pick shows, the same in HTML, in text and on the pages. All of it is plain text on one line
 * (escape it for where it goes); what is unknown is empty, never absent.
 */
export type PaperCard = {
  readonly id: string;
  readonly title: string;
  /** Where the title leads: the abstract, otherwise the best other link; empty when there is none. */
  readonly href: string;
  /** `Ada Lovelace, Alan Turing, Grace Hopper and 661 others`. */
  readonly authorsLine: string;
  readonly organization: string;
  /** What the paper does, in one or two sentences. */
  readonly excerpt: string;
  /** Whose words the excerpt is: `Summary by Hugging Face`; empty for the paper's own. */
  readonly excerptBy: string;
  /** The same in one line or two. */
  readonly brief: string;
  readonly reasons: readonly string[];
  readonly links: readonly CardLink[];
  /** The first two of the links that lead to different things: the paper, then its code, its page or what people say of it. */
  readonly mainLinks: readonly CardLink[];
};

/** `label` says where it leads: `GitHub`. `note` is a figure worth a glance, the stars: `1.4k`; empty when there is none. */
type CardLink = {
  readonly label: string;
  readonly url: string;
  readonly note: string;
  /** Left out where the screen is narrow. */
  readonly minor: boolean;
};

/** In characters: two lines of a phone. */
const BRIEF = 120;

/** In bytes of HTML. A card shows no longer link beside others, since mails have no room for ten such cards. */
const LONG_LINK = 400;
/** A longer one is shown nowhere. */
const LONGEST_LINK = 2000;

const LINKS = [
  'abstract',
  'journal',
  'pdf',
  'code',
  'project',
  'discussion',
] as const satisfies readonly (keyof PaperLinks)[];

/** A project's page and a PDF are what they are, wherever they lie. */
const NAMED_BY_SITE: ReadonlySet<keyof PaperLinks> = new Set(['abstract', 'code', 'discussion']);

/** Turns a ranked paper into what a subscriber is shown of it. Links that are not http(s), or very long, are left out. */
export function paperCard(
  { paper, reasons }: RankedPaper,
  words: Words,
  summaries: Summaries = 'source',
): PaperCard {
  const urls = linkUrls(paper);
  const short = urls.filter(({ url }) => isShort(url));
  const links = short.map(({ name, url }) => cardLink(paper, name, url, words));
  return {
    id: paper.id,
    title: plainText(paper.title, 300) || words.say('paper.untitled'),
    href: (short[0] ?? shortest(urls))?.url ?? '',
    authorsLine: authorsLine(paper.authors, words),
    organization: plainText(paper.organization ?? '', 100),
    ...excerptOf(paper, words, summaries),
    reasons: reasonsInWords(reasons, words)
      .slice(0, 4)
      .map((reason) => plainText(reason, 140))
      .filter((reason) => reason !== ''),
    links,
    mainLinks: links.filter((_, index) => index === 0 || short[index]?.name !== 'pdf').slice(0, 2),
  };
}

function cardLink(paper: Paper, name: keyof PaperLinks, url: string, words: Words): CardLink {
  const label = (NAMED_BY_SITE.has(name) ? siteName(url) : undefined) ?? words.say(`paper.${name}`);
  return { label, url, note: linkNote(paper, name, words), minor: name === 'pdf' || name === 'project' };
}

/** The card of a paper whose texts leave no room for the other picks: its title, and where that leads. */
export function shortCard(card: PaperCard): PaperCard {
  return {
    ...card,
    authorsLine: '',
    organization: '',
    excerpt: '',
    excerptBy: '',
    brief: '',
    reasons: [],
    links: [],
    mainLinks: [],
  };
}

function excerptOf({ title, abstract, summary }: Paper, { say }: Words, summaries: Summaries) {
  const said = summary && { text: plainText(summary.text, 1000), by: plainText(summary.by, 60) };
  const plain = { title: plainText(title, 300), abstract: plainText(abstract, 4000) };
  const texts = { ...plain, ...(said && { summary: said }) };
  const line = paperLine(texts, summaries);
  return {
    excerpt: line?.text ?? '',
    excerptBy: line?.by ? say('paper.summaryBy', { name: line.by }) : '',
    brief: paperLine(texts, summaries, BRIEF)?.text ?? '',
  };
}

/** What is said of a paper that is only noted. */
export function notedPaper(paper: Paper, { say }: Words): NotedPaper {
  return {
    id: paper.id,
    title: plainText(paper.title, 200) || say('paper.untitled'),
    url: linkUrls(paper).find(({ url }) => isShort(url))?.url ?? '',
  };
}

/** Up to four names, or three and the number of the others. */
export function authorsLine(authors: readonly string[], { say }: Words): string {
  const names = authors.length <= 4 ? authors : authors.slice(0, 3);
  const shown = names.map((name) => plainText(name, 80));
  const others = authors.length - names.length;
  const last = others > 0 ? say('paper.others', { count: others }) : (shown.pop() ?? '');
  return shown.length > 0 ? say('paper.authors', { names: shown.join(', '), last }) : last;
}

/** Where a title leads that has no other link: then it is the only link of its card. */
function shortest(urls: readonly NamedUrl[]): NamedUrl | undefined {
  const [first] = urls.toSorted((one, other) => sizeInHtml(one.url) - sizeInHtml(other.url));
  return first && sizeInHtml(first.url) <= LONGEST_LINK ? first : undefined;
}

function isShort(url: string): boolean {
  return sizeInHtml(url) <= LONG_LINK;
}

/** An address may be five times as long in HTML: each `&` is written as `&amp;`. */
function sizeInHtml(url: string): number {
  return Handlebars.escapeExpression(url).length;
}

type NamedUrl = { readonly name: keyof PaperLinks; readonly url: string };

function linkUrls(paper: Paper): NamedUrl[] {
  return LINKS.flatMap((name) => {
    const url = httpUrl(paper.links[name]);
    return url === undefined ? [] : [{ name, url }];
  });
}

function linkNote({ signals }: Paper, link: keyof PaperLinks, { say, locale }: Words): string {
  const { stars, comments } = signals;
  if (link === 'code' && stars) return compactNumber(stars, locale);
  // One or two are by the authors and by machines.
  if (link === 'discussion' && comments && comments > 2)
    return `(${say('paper.comments', { count: comments })})`;
  return '';
}
