import { decodeBytes } from '../../domain/decode-bytes.ts';
import { idKeys } from '../../ranking/identify.ts';
import { readBibtex } from './bibtex.ts';
import { readCslJson } from './csl-json.ts';
import { type EntryTexts, idsOfEntry } from './entry-ids.ts';
import { readIdList } from './id-list.ts';
import { readRis } from './ris.ts';

/** What a reference manager's file holds. */
export type LibraryReading = {
  /**
   * For each entry the keys that its paper may be known by: `arxiv:2510.01234`, `doi:10.1000/x`, `pubmed:123`. Empty
   * where an entry has no such id.
   */
  readonly entries: readonly (readonly string[])[];
};

/** Larger libraries are counted, but their ids are not read. */
export const MOST_ENTRIES = 2000;

/** Reads an uploaded library. Rejects when reading takes too long or too much memory. */
export type ReadLibrary = (bytes: Uint8Array) => Promise<LibraryReading>;

/**
 * Reads BibTeX, RIS, CSL-JSON or a list of arXiv ids and DOIs; the format is recognised by the text. Zotero, Mendeley
 * and JabRef export the first three. Never throws: what is none of these gives entries without ids, or no entries.
 */
export function readLibrary(bytes: Uint8Array): LibraryReading {
  const found = entriesIn(decodeBytes(bytes));
  if (found.length > MOST_ENTRIES) return { entries: found.map(() => []) };
  return { entries: found.map((entry) => idKeys(idsOfEntry(entry)).filter(isStorable)) };
}

/** In this thread, without limits. */
export const readLibraryHere: ReadLibrary = async (bytes) => readLibrary(bytes);

/** Postgres takes neither NUL nor half a surrogate pair, and no id has them. */
function isStorable(key: string): boolean {
  return key.isWellFormed() && !/\p{Cc}/u.test(key);
}

function entriesIn(text: string): EntryTexts[] {
  if (/^\s*[[{]/.test(text)) return readCslJson(text);
  if (/^TY {1,2}-/m.test(text)) return readRis(text);
  if (/^[ \t]*@[a-z]+[ \t]*[{(]/im.test(text)) return readBibtex(text, MOST_ENTRIES);
  return /^\s*</.test(text) ? [] : readIdList(text);
}
