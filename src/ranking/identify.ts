import type { Entry, PaperIds } from '../domain/entry.ts';
import { normalized } from '../domain/unicode.ts';

/** Titles shorter than this many letters and digits ("Editorial") do not tell papers apart. */
const TELLING_TITLE = 20;

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

function isTelling(key: string): boolean {
  return key.length >= TELLING_TITLE + 'title:'.length;
}

/** Every key that an entry can be recognised by. */
export function entryKeys(entry: Entry): string[] {
  const title = titleKey(entry.title);
  const ids = idKeys(entry.ids);
  return ids.length === 0 || isTelling(title) ? [...ids, title] : ids;
}
