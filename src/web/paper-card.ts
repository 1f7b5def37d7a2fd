import type { PaperLinks } from '../domain/entry.ts';
import type { RankedPaper } from '../domain/paper.ts';

/** One paper as a page shows it. The abstract is `opening` and then `rest`, which may be empty. */
export type PaperCard = {
  readonly place: number;
  readonly title: string;
  /** Where the title leads; empty when the paper has no link at all. */
  readonly address: string;
  readonly authors: string;
  /** `and 661 more`, or empty. */
  readonly moreAuthors: string;
  readonly organization: string;
  readonly opening: string;
  readonly rest: string;
  readonly reasons: readonly string[];
  readonly links: readonly { readonly label: string; readonly address: string }[];
};

const AUTHORS_SHOWN = 4;
const OPENING_LENGTH = 320;
const LINK_LABELS: readonly (readonly [keyof PaperLinks, string])[] = [
  ['abstract', 'Abstract'],
  ['pdf', 'PDF'],
  ['code', 'Code'],
  ['project', 'Project'],
  ['discussion', 'Discussion'],
];

/** @param place from 1 */
export function paperCard({ paper, reasons }: RankedPaper, place: number): PaperCard {
  const links = LINK_LABELS.flatMap(([name, label]) => {
    const address = paper.links[name];
    return address !== undefined && isWebAddress(address) ? [{ label, address }] : [];
  });
  // Naming all is kinder than "and 1 more".
  const shown = paper.authors.length > AUTHORS_SHOWN + 1 ? AUTHORS_SHOWN : paper.authors.length;
  const more = paper.authors.length - shown;
  return {
    place,
    title: paper.title,
    address: links[0]?.address ?? '',
    authors: paper.authors.slice(0, shown).join(', '),
    moreAuthors: more > 0 ? `and ${more} more` : '',
    organization: paper.organization ?? '',
    ...splitAbstract(paper.abstract),
    reasons,
    links,
  };
}

/**
 * Cuts after the last whole sentence that fits, else between two words, marked by an ellipsis.
 * Nothing is lost: the opening and the rest together are the abstract.
 */
export function splitAbstract(abstract: string): { opening: string; rest: string } {
  if (abstract.length <= OPENING_LENGTH * 1.25) return { opening: abstract, rest: '' };
  const sentence = lastBoundary(abstract, 'sentence');
  const whole = sentence >= OPENING_LENGTH / 2;
  const cut = whole ? sentence : lastBoundary(abstract, 'word') || OPENING_LENGTH;
  const opening = abstract.slice(0, cut).trimEnd();
  const rest = abstract.slice(cut).trimStart();
  return whole ? { opening, rest } : { opening: `${opening} …`, rest: `… ${rest}` };
}

function lastBoundary(text: string, granularity: 'sentence' | 'word'): number {
  let boundary = 0;
  const segments = new Intl.Segmenter('en', { granularity }).segment(text.slice(0, OPENING_LENGTH * 2));
  for (const { index } of segments) {
    if (index > OPENING_LENGTH) break;
    boundary = index;
  }
  return boundary;
}

function isWebAddress(address: string): boolean {
  const protocol = URL.parse(address)?.protocol;
  return protocol === 'https:' || protocol === 'http:';
}
