import { arxivId } from '../../domain/arxiv-id.ts';
import { idsIn } from '../../sources/text/identifiers.ts';
import type { EntryTexts } from './entry-ids.ts';

/** Longer than any link to a paper. */
const LONGEST = 500;

/** Ids and links, several to a line if they are apart by blanks or commas. A line without any is an entry without ids. */
export function readIdList(text: string): EntryTexts[] {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  return lines.flatMap((line) => {
    const ids = line.split(/[\s,]+/).filter(isId);
    return ids.length === 0 ? [{ ids: [], texts: [] }] : ids.map((id) => ({ ids: [id], texts: [] }));
  });
}

function isId(word: string): boolean {
  if (word.length > LONGEST) return false;
  return arxivId(word) !== undefined || Object.keys(idsIn([word])).length > 0;
}
