import { clip } from '../domain/clip.ts';
import { withoutNoncharacters } from '../domain/unicode.ts';

/** One space between words of printable ASCII: there is nothing to make safe. */
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

/** An address that a subscriber may safely open: http or https, normalised, else `undefined`. */
export function httpUrl(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2000) return undefined;
  const url = URL.parse(text);
  return url && /^https?:$/.test(url.protocol) ? url.href : undefined;
}
