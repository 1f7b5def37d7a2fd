import type { PaperLinks } from '../domain/entry.ts';
import type { NotedPaper } from '../domain/issue.ts';
import type { Paper, RankedPaper } from '../domain/paper.ts';
import { excerpt } from './excerpt.ts';
import { httpUrl, plainText } from './plain.ts';

/**
 * What a pick shows, the same in HTML, in text and on the pages. All of it is plain text on one line
 * (escape it for where it goes); what is unknown is empty, never absent.
 */
export type PaperCard = {
  readonly id: string;
  readonly title: string;
  /** Where the title leads: the abstract, else the best other link; empty when there is none. */
  readonly href: string;
  /** `Ada Lovelace, Alan Turing, Grace Hopper and 661 others`. */
  readonly authorsLine: string;
  readonly organization: string;
  /** The beginning of the abstract, cut at the end of a sentence. */
  readonly excerpt: string;
  readonly reasons: readonly string[];
  readonly links: readonly CardLink[];
};

/** `note` is a figure worth a glance: `24 stars`; empty when there is none. */
export type CardLink = { readonly label: string; readonly url: string; readonly note: string };

const LINKS = [
  ['Abstract', 'abstract'],
  ['PDF', 'pdf'],
  ['Code', 'code'],
  ['Project', 'project'],
  ['Discussion', 'discussion'],
] as const satisfies readonly (readonly [string, keyof PaperLinks])[];

/** Turns a ranked paper into what a reader is shown of it. Links that are not http(s) are left out. */
export function paperCard({ paper, reasons }: RankedPaper): PaperCard {
  const links = cardLinks(paper);
  return {
    id: paper.id,
    title: plainText(paper.title, 300) || 'Untitled',
    href: links[0]?.url ?? '',
    authorsLine: authorsLine(paper.authors),
    organization: plainText(paper.organization ?? '', 100),
    excerpt: excerpt(plainText(paper.abstract, 4000)),
    reasons: reasons
      .slice(0, 6)
      .map((reason) => plainText(reason, 120))
      .filter((reason) => reason !== ''),
    links,
  };
}

/** What is said of a paper that is only noted. */
export function notedPaper(paper: Paper): NotedPaper {
  return {
    id: paper.id,
    title: plainText(paper.title, 200) || 'Untitled',
    url: cardLinks(paper)[0]?.url ?? '',
  };
}

/** Up to four names, or three and the number of the others. */
export function authorsLine(authors: readonly string[]): string {
  const names = authors.length <= 4 ? authors : authors.slice(0, 3);
  const shown = names.map((name) => plainText(name, 80));
  const others = authors.length - names.length;
  const last = others > 0 ? `${others} others` : (shown.pop() ?? '');
  return shown.length > 0 ? `${shown.join(', ')} and ${last}` : last;
}

function cardLinks(paper: Paper): CardLink[] {
  return LINKS.flatMap(([label, name]) => {
    const url = httpUrl(paper.links[name]);
    return url === undefined ? [] : [{ label, url, note: linkNote(paper, name) }];
  });
}

function linkNote({ signals }: Paper, link: keyof PaperLinks): string {
  if (link === 'code') return counted(signals.stars, 'star');
  if (link === 'discussion') return counted(signals.comments, 'comment');
  return '';
}

function counted(count: number | undefined, noun: string): string {
  if (!count) return '';
  return `${count.toLocaleString('en-GB')} ${count === 1 ? noun : `${noun}s`}`;
}
