import { arxivId } from '../../domain/arxiv-id.ts';
import type { PaperIds } from '../../domain/entry.ts';
import { idsIn } from '../../sources/text/identifiers.ts';

/** The texts of one entry in which its ids may stand. */
export type EntryTexts = {
  /** Nothing but an id: the field for a DOI or an eprint, one id of a list. */
  readonly ids: readonly string[];
  /** Texts and links that may mention an id, such as `arXiv preprint arXiv:2510.01234`. */
  readonly texts: readonly string[];
};

/** A longer text is prose, and its ids are those of other papers. */
const LONGEST = 500;

export function idsOfEntry({ ids, texts }: EntryTexts): PaperIds {
  const short = [...ids, ...texts].filter((text) => text.length <= LONGEST);
  const found = idsIn(short);
  const arxiv = ids.map(arxivId).find((id) => id !== undefined) ?? found.arxiv;
  return arxiv === undefined ? found : { ...found, arxiv };
}
