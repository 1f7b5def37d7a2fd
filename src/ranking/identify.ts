import { createHash } from 'node:crypto';
import type { Entry, PaperIds } from '../domain/entry.ts';
import { normalized } from '../domain/unicode.ts';
import { familyName } from './names.ts';

/** Titles shorter than this many letters and digits ("Editorial") do not tell papers apart. */
const TELLING_TITLE = 20;
/** Titles that come again with every issue, whoever signs them. */
const RECURRING =
  /^(?:editorial|preface|foreword|obituary|book review|research highlights?|highlights|news|announcements?|welcome|reading group|journal club|reply|response|comment|letter|introduction|proceedings|call for|from the editors?|in this issue|notes?)\b|\b(?:this|of the|past|last) (?:week|month|year|quarter|issue)\b|\b(?:weekly|monthly|quarterly|annual) (?:digest|report|update|newsletter)\b/i;

const ARXIV_DOI = /^10\.48550\/arxiv\.(.+)$/;

/** The ids with an arXiv DOI read as the arXiv id it is. */
export function normalIds(ids: PaperIds): PaperIds {
  const fromDoi = ids.doi && ARXIV_DOI.exec(ids.doi)?.[1];
  if (!fromDoi) return ids;
  const { doi: _, ...rest } = ids;
  return { arxiv: fromDoi.replace(/v\d+$/, ''), ...rest };
}

/** `arxiv:…`, `doi:…`, `pubmed:…` as far as known, the canonical one first. */
export function idKeys(ids: PaperIds): string[] {
  const { arxiv, doi, pubmed } = normalIds(ids);
  return [arxiv && `arxiv:${arxiv}`, doi && `doi:${doi}`, pubmed && `pubmed:${pubmed}`].filter(
    (key) => key !== undefined && key !== '',
  ) as string[];
}

/** The title with nothing left but letters and digits in lower case, accents removed. */
export function titleKey(title: string): string {
  const plain = normalized(title, 'NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return `title:${plain.replace(/[^\p{L}\p{N}]/gu, '')}`;
}

/** What an entry is recognised by. */
export type EntryKeys = {
  /**
   * What it is called for good, the best name first: its ids and, where title and authors tell a work from others, both
   * of them: `title:…/family`. What has no id is called by its title and link, since titles come again with another link
   * each week.
   */
  readonly names: readonly string[];
  /** What it may be recognised by when nothing else speaks against it. */
  readonly hints: readonly string[];
};

export function entryKeys(entry: Entry): EntryKeys {
  const ids = idKeys(entry.ids);
  const title = titleKey(entry.title);
  const works = isTelling(title) ? workKeys(entry, title) : [];
  return {
    names: ids.length > 0 ? [...ids, ...works] : [itemName(entry, title)],
    hints: isTelling(title) ? [title, ...works] : [],
  };
}

/** Whether the key is of a title together with its first author. */
export function isWorkKey(key: string): boolean {
  return key.startsWith('title:') && key.includes('/');
}

function workKeys({ title, authors: [first = ''] }: Entry, key: string): string[] {
  const family = familyName(first);
  return family === undefined || RECURRING.test(title) ? [] : [`${key}/${family}`];
}

function itemName({ links }: Entry, key: string): string {
  const place = links.abstract?.replace(/^https?:\/\/(?:www\.)?|[?&]utm_[^&#]*|#.*$/g, '').replace(/\/$/, '');
  return place === undefined
    ? key
    : `${key}@${createHash('sha256').update(place).digest('hex').slice(0, 12)}`;
}

function isTelling(key: string): boolean {
  return key.length >= TELLING_TITLE + 'title:'.length;
}
