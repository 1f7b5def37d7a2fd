import { cleanAbstract } from './clean-text.ts';

/** Elements that stand on lines of their own. */
const BLOCK_TAG =
  /<\/?(?:(?:jats:)?(?:p|sec|title(?=[^<>]*>\s*(?:abstract|summary))|abstract|list-item)|st|div|br|hr|h[1-6]|li|ul|ol|dl|dt|dd|tr|td|th|table|section|article|header|footer|blockquote|figure|figcaption|cite|center)(?:[\s/][^<>]*)?>/gi;
const HEADING_LINE = /^[ \t]*(abstract|summary|graphical abstract)[ \t]*:?[ \t]*\r?$/gim;
const ESCAPED_TAG = /&lt;\/?(?:p|div|br|b|i|em|h[1-6]|span|a)\b/i;
const MARK = '\u2028';
const MOST_BLOCKS = 1000;
/** In characters: more than an abstract may have, and what stands around it. */
const MOST_TEXT = 12_000;

/**
 * The lines of a description as a subscriber sees them: each block of HTML by itself, clean, without the empty ones. A
 * heading on a line of its own in plain text is a block, too.
 */
export function blocksOf(html: string): string[] {
  const once = /<[a-z]/i.test(html) || !ESCAPED_TAG.test(html) ? html : unescaped(html);
  const marked = once.replace(BLOCK_TAG, MARK).replace(HEADING_LINE, `${MARK}$1${MARK}`);
  const blocks: string[] = [];
  let size = 0;
  for (const piece of marked.split(MARK, MOST_BLOCKS * 4)) {
    const block = /\S/.test(piece) ? cleanAbstract(piece) : '';
    if (block === '') continue;
    blocks.push(block);
    size += block.length;
    if (size > MOST_TEXT || blocks.length >= MOST_BLOCKS) break;
  }
  return blocks;
}

function unescaped(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
