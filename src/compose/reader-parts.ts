import Handlebars from 'handlebars';
import { quotedPrintable } from './mime.ts';
import { httpUrl, plainText } from './plain.ts';
import { MARK, type Slot, slot } from './slot.ts';

/** What differs from one reader's mail to the next, though their picks are the same. */
export type ReaderValues = {
  readonly unsubscribeUrl: string;
  readonly preferencesUrl: string;
  readonly address: string;
};

/**
 * A rendered text cut at its slots: literal pieces and, between each two of them, the name of a slot. Filling it
 * in is a join, so that no text is ever compiled that holds a paper's words.
 */
export type ReaderParts = {
  readonly literals: readonly string[];
  /** The literal pieces in quoted-printable: encoded once for all readers. */
  readonly encoded: readonly string[];
  readonly names: readonly Slot[];
};

/** Given to a template in place of a reader. */
export const ANY_READER: ReaderValues = {
  unsubscribeUrl: slot('unsubscribeUrl'),
  preferencesUrl: slot('preferencesUrl'),
  address: slot('address'),
};

/** Cuts what was rendered with slots in it; line ends become CRLF, as MIME wants them. */
export function cutAtSlots(rendered: string): ReaderParts {
  const pieces = rendered.replace(/\r\n?|\n/g, '\r\n').split(MARK);
  const literals = pieces.filter((_, index) => index % 2 === 0);
  return {
    literals,
    encoded: literals.map(quotedPrintable),
    names: pieces.filter((_, index) => index % 2 === 1) as Slot[],
  };
}

/** The text with others in one of its slots, in their order; as it is when it has no such slot. */
export function insertParts(parts: ReaderParts, name: Slot, inserted: readonly ReaderParts[]): ReaderParts {
  const at = parts.names.indexOf(name);
  if (at < 0) return parts;
  const piece = (from: number, to: number): ReaderParts => ({
    literals: parts.literals.slice(from, to),
    encoded: parts.encoded.slice(from, to),
    names: parts.names.slice(from, to - 1),
  });
  return joinParts([piece(0, at + 1), ...inserted, piece(at + 1, parts.literals.length)]);
}

/** One text of several, in their order. */
function joinParts(all: readonly ReaderParts[]): ReaderParts {
  const literals = [''];
  const encoded = [''];
  const names: Slot[] = [];
  for (const parts of all) {
    literals.push((literals.pop() ?? '') + (parts.literals[0] ?? ''));
    encoded.push(softly(encoded.pop() ?? '', parts.encoded[0] ?? ''));
    for (const [index, name] of parts.names.entries()) {
      names.push(name);
      literals.push(parts.literals[index + 1] ?? '');
      encoded.push(parts.encoded[index + 1] ?? '');
    }
  }
  return { literals, encoded, names };
}

/** Fills in some of the slots, escaped where the text is HTML; the others stay. */
export function fillSlots(
  parts: ReaderParts,
  values: Partial<Record<Slot, string>>,
  html: boolean,
): ReaderParts {
  const literals = [parts.literals[0] ?? ''];
  const encoded = [parts.encoded[0] ?? ''];
  const names: Slot[] = [];
  for (const [index, name] of parts.names.entries()) {
    const [literal = '', ready = ''] = [parts.literals[index + 1], parts.encoded[index + 1]];
    const value = values[name];
    if (value === undefined) {
      names.push(name);
      literals.push(literal);
      encoded.push(ready);
    } else {
      const shown = html ? Handlebars.escapeExpression(value) : value;
      literals.push((literals.pop() ?? '') + shown + literal);
      encoded.push(softly(softly(encoded.pop() ?? '', quotedPrintable(shown)), ready));
    }
  }
  return { literals, encoded, names };
}

/** The text with a reader's values in it, as they see it. */
export function textForReader(parts: ReaderParts, values: ReaderValues, html: boolean): string {
  return fillSlots(parts, values, html).literals.join('');
}

/** The same, ready for a MIME body: only the values are encoded, each between two soft line breaks. */
export function encodeForReader(parts: ReaderParts, values: ReaderValues, html: boolean): string {
  return fillSlots(parts, values, html).encoded.join('');
}

/** Joins two encoded pieces by a break that a decoder takes out again, unless a line ends there anyway. */
function softly(before: string, after: string): string {
  if (before === '' || after === '') return before + after;
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
