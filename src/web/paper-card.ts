import type { PaperLinks } from '../domain/entry.ts';
import type { KnownPaper } from '../domain/known-paper.ts';
import type { Words } from '../domain/language.ts';
import type { Paper, RankedPaper } from '../domain/paper.ts';
import { reasonsInWords } from '../domain/reason.ts';
import { compactNumber, siteName } from '../domain/site-name.ts';
import { isWebAddress } from '../domain/web-address.ts';
import { dayInWords } from './calendar.ts';

/** One paper as a page shows it. */
export type PaperCard = {
  readonly place: number;
  readonly title: string;
  /** Where the title leads; empty when the paper has no link at all. */
  readonly address: string;
  /** The paper's own page, under the site's path; empty when it has none. */
  readonly page: string;
  readonly authors: string;
  /** `and 661 more`, or empty. */
  readonly moreAuthors: string;
  readonly organization: string;
  readonly abstract: string;
  readonly reasons: readonly string[];
  readonly links: readonly PaperLink[];
  /** Without the one that the title leads to. */
  readonly otherLinks: readonly PaperLink[];
};

export type PaperLink = { readonly label: string; readonly address: string };

const AUTHORS_SHOWN = 4;
const LINKS: readonly (keyof PaperLinks)[] = ['abstract', 'journal', 'pdf', 'code', 'project', 'discussion'];

/** @param place from 1 */
export function paperCard(
  { paper, reasons }: RankedPaper,
  place: number,
  words: Words,
  sample = false,
): PaperCard {
  const links = paperLinks(paper, words);
  return {
    place,
    title: paper.title,
    address: links[0]?.address ?? '',
    page: sample ? '' : paperPath(paper.id),
    ...authorsLine(paper.authors, words),
    organization: paper.organization ?? '',
    abstract: paper.abstract,
    reasons: reasonsInWords(reasons, words),
    links,
    otherLinks: links.slice(1),
  };
}

/** Where a paper can be read, in the order of their use; whatever is no web address is left out. */
export function paperLinks(
  { links, signals = {} }: Pick<KnownPaper, 'links'> & Partial<Pick<Paper, 'signals'>>,
  { say, locale }: Words,
): PaperLink[] {
  return LINKS.flatMap((name) => {
    const address = links[name];
    if (address === undefined || !isWebAddress(address)) return [];
    const label =
      (name === 'pdf' || name === 'project' ? undefined : siteName(address)) ?? say(`paper.${name}`);
    const stars = name === 'code' && signals.stars ? ` ${compactNumber(signals.stars, locale)}` : '';
    return [{ label: label + stars, address }];
  });
}

function authorsLine(all: readonly string[], { say }: Words): { authors: string; moreAuthors: string } {
  // Naming all is kinder than "and 1 more".
  const shown = all.length > AUTHORS_SHOWN + 1 ? AUTHORS_SHOWN : all.length;
  const more = all.length - shown;
  return {
    authors: all.slice(0, shown).join(', '),
    moreAuthors: more > 0 ? say('paper.moreAuthors', { count: more }) : '',
  };
}

/** A paper that is known, as a line of a list and as the head of its own page. */
export function paperLineView(paper: KnownPaper, words: Words) {
  return {
    title: paper.title,
    page: paperPath(paper.id),
    ...authorsLine(paper.authors, words),
    organization: paper.organization ?? '',
    date: paper.day,
    dateInWords: dayInWords(words, paper.day),
    links: paperLinks(paper, words),
  };
}

/** The path of a paper's page, without the site's own. */
export function paperPath(id: string): string {
  return `/papers/${encodeURIComponent(id).replaceAll('%3A', ':')}`;
}
