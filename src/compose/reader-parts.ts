import Handlebars from 'handlebars';
import { quotedPrintable } from './mime.ts';
import { httpUrl, plainText } from './plain.ts';

/** What differs from one reader's mail to the next. */
export type ReaderValues = {
  readonly unsubscribeUrl: string;
  readonly preferencesUrl: string;
  readonly address: string;
};

/**
 * A rendered text cut where a reader's own values go: literal pieces and, between each two of them, the
 * name of a value. Filling it in is a join, so that no text is ever compiled that holds a paper's words.
 */
export type ReaderParts = {
  readonly literals: readonly string[];
  /** The literal pieces in quoted-printable: encoded once for all readers. */
  readonly encoded: readonly string[];
  readonly names: readonly (keyof ReaderValues)[];
};

/** Stands on both sides of a value's name while a template is rendered. It is in no text that we let in. */
const MARK = '\u0001';

/** Given to a template in place of a reader. */
export const ANY_READER: ReaderValues = {
  unsubscribeUrl: `${MARK}unsubscribeUrl${MARK}`,
  preferencesUrl: `${MARK}preferencesUrl${MARK}`,
  address: `${MARK}address${MARK}`,
};

/** Cuts what was rendered for `ANY_READER`; line ends become CRLF, as MIME wants them. */
export function cutForReaders(rendered: string): ReaderParts {
  const pieces = rendered.replace(/\r\n?|\n/g, '\r\n').split(MARK);
  const literals = pieces.filter((_, index) => index % 2 === 0);
  return {
    literals,
    encoded: literals.map(quotedPrintable),
    names: pieces.filter((_, index) => index % 2 === 1) as (keyof ReaderValues)[],
  };
}

/** Puts a reader's values in, escaped where the text is HTML. */
export function fillForReader(parts: ReaderParts, values: ReaderValues, html: boolean): string {
  return parts.literals.reduce(
    (text, literal, index) => text + valueBefore(parts, index, values, html) + literal,
  );
}

/** The same, ready for a MIME body: only the values are encoded, each between two soft line breaks. */
export function encodeForReader(parts: ReaderParts, values: ReaderValues, html: boolean): string {
  return parts.encoded.reduce((body, literal, index) => {
    const value = quotedPrintable(valueBefore(parts, index, values, html));
    return softly(softly(body, value), literal);
  });
}

function valueBefore(parts: ReaderParts, index: number, values: ReaderValues, html: boolean): string {
  const name = parts.names[index - 1];
  if (name === undefined) return '';
  return html ? Handlebars.escapeExpression(values[name]) : values[name];
}

/** Joins two encoded pieces by a break that a decoder takes out again, unless a line ends there anyway. */
function softly(before: string, after: string): string {
  return before.endsWith('\r\n') || after.startsWith('\r\n') ? before + after : `${before}=\r\n${after}`;
}

/** The values as they may stand in a mail: links that are http(s), an address without controls. */
export function readerValues(values: ReaderValues): ReaderValues {
  return {
    unsubscribeUrl: ownLink(values.unsubscribeUrl),
    preferencesUrl: ownLink(values.preferencesUrl),
    address: plainText(values.address),
  };
}

/** A link that we made ourselves: anything but http(s) is a bug. */
export function ownLink(text: string): string {
  const url = httpUrl(text);
  if (url === undefined) throw new TypeError(`Not an http(s) link: ${text}`);
  return url;
}
