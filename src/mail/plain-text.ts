import { withoutNoncharacters } from '../domain/unicode.ts';

const CHARACTERS = new Intl.Segmenter();
/** One space between words of printable ASCII: there is nothing to make safe. */
/** Looking back keeps it from trying a long run again from each of its characters. */
const LOOSE_END = /(?<![\s,;:.–—-])[\s,;:.–—-]+$/u;
const SAFE = /^(?:[!-~]+(?: (?=[!-~])|$))*$/;

/**
 * Makes foreign text safe to set in a line: valid Unicode, one line, no control characters, no noncharacters and
 * none of the marks that turn the direction of the text after them. What is left is only ever shown as text.
 * @param limit the most UTF-16 units that are kept; longer text ends in an ellipsis at a word
 */
export function plainText(text: string, limit = Number.POSITIVE_INFINITY): string {
  if (SAFE.test(text)) return clip(text, limit);
  // A text far beyond the limit is shortened first: nobody pays for cleaning a megabyte of title.
  const clean = withoutNoncharacters(text.slice(0, limit * 4).toWellFormed())
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return clip(clean, limit);
}

/** The text itself if it has at most `limit` UTF-16 units, else as many whole words with an ellipsis. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const room = text.slice(0, limit);
  const space = room.lastIndexOf(' ');
  const kept = space > limit / 2 ? room.slice(0, space) : wholeCharacters(text, limit - 1);
  return `${kept.replace(LOOSE_END, '')}…`;
}

/** An address that a subscriber may safely open: http or https, normalised, else `undefined`. */
export function httpUrl(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2000) return undefined;
  const url = URL.parse(text);
  return url && /^https?:$/.test(url.protocol) ? url.href : undefined;
}

function wholeCharacters(text: string, limit: number): string {
  let kept = '';
  // The slice keeps the segmenter from reading on through a long text; its last character may be broken.
  for (const { segment } of CHARACTERS.segment(text.slice(0, limit + 32))) {
    if (kept.length + segment.length > limit) break;
    kept += segment;
  }
  return kept;
}
