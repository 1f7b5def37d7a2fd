import { WIDE, wideCharacters } from '../domain/clip.ts';
import { MARK } from './slot.ts';

/** A line never begins with one of these. */
const CLOSING = '[、。，．：；！？」』）】〉》〕]*';
const PIECE = new RegExp(`${WIDE.source}${CLOSING}|(?:(?!${WIDE.source})\\S)+|\\s+`, 'gu');

const SLOT = new RegExp(`${MARK}[a-z]+${MARK}`, 'gi');

/**
 * Sets a text in lines of at most `columns` as a terminal shows them. A word that is longer than a
 * line (an address, say) stays whole on a line of its own.
 * @param first what the first line begins with; the others are indented by as many columns
 */
export function wrapText(text: string, first = '', columns = 74): string {
  const indent = ' '.repeat(width(first));
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(PIECE) ?? []) {
    const full = line !== '' && indent.length + width(line + piece.trimEnd()) > columns;
    if (full) lines.push(line.trimEnd());
    line = full ? piece.trimStart() : line + piece;
  }
  lines.push(line.trimEnd());
  return lines.map((set, index) => (index === 0 ? first : indent) + set).join('\n');
}

/** How many columns a terminal gives the text; a slot, which will hold a place, is two columns wide. */
export function width(text: string): number {
  const bare = text.replace(SLOT, '00').replace(/\p{M}|\u200d/gu, '');
  return [...bare].length + wideCharacters(bare);
}
