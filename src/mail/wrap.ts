import { MARK } from './slot.ts';

/** Scripts written without spaces, whose characters are two columns wide: a line may break at each. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
/** A line never begins with one of these. */
const CLOSING = '[、。，．：；！？」』）】〉》〕]*';
const PIECE = new RegExp(`${WIDE.source}${CLOSING}|(?:(?!${WIDE.source})\\S)+|\\s+`, 'gu');
const WIDE_OR_ONE = new RegExp(WIDE.source, 'gu');

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
  return [...bare].length + (bare.match(WIDE_OR_ONE)?.length ?? 0);
}
