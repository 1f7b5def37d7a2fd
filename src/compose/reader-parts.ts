import Handlebars from 'handlebars';
import { quotedPrintable } from './mime.ts';
import { plainText } from './plain.ts';
import { MARK, type Slot, slot } from './slot.ts';

/** What differs from one reader's mail to the next, though their picks are the same. */
export type ReaderValues = {
  readonly unsubscribeUrl: string;
  readonly preferencesUrl: string;
  readonly address: string;
  /** When their mails come, in words; only a welcome says it. */
  readonly when: string;
};

/**
 * A rendered text cut at its slots: literal pieces and, between each two of them, the name of a slot. Filling it
 * in is a join, so that no text is ever compiled that holds a paper's words.
 */
export type ReaderParts = {
  readonly literals: readonly string[];
  /** The literal pieces as they go over the wire, encoded once for all readers. */
  readonly encoded: readonly Buffer[];
  readonly names: readonly Slot[];
};

/** Given to a template in place of a reader. */
export const ANY_READER: ReaderValues = {
  unsubscribeUrl: slot('unsubscribeUrl'),
  preferencesUrl: slot('preferencesUrl'),
  address: slot('address'),
  when: slot('when'),
};

/** Cuts what was rendered with slots in it; line ends become CRLF, as MIME wants them. */
export function cutAtSlots(rendered: string): ReaderParts {
  const pieces = withCrlf(rendered).split(MARK);
  const literals = pieces.filter((_, index) => index % 2 === 0);
  return {
    literals,
    encoded: literals.map(encoded),
    names: pieces.filter((_, index) => index % 2 === 1) as Slot[],
  };
}

function withCrlf(text: string): string {
  return text.replace(/\r\n?|\n/g, '\r\n');
}

/** A value as it is shown in a text, with its size in UTF-8, and the same as it goes over the wire. */
export type SlotValue = { readonly shown: string; readonly bytes: number; readonly encoded: Buffer };

/** A text and what goes into its slots: a value, or other texts in their order. The reader's own values come last. */
export type Filled = {
  readonly parts: ReaderParts;
  readonly fills: { readonly [name in Slot]?: SlotValue | readonly Filled[] };
};

/** @param html whether the text is HTML, where the value is escaped */
export function slotValue(value: string, html: boolean): SlotValue {
  const shown = withCrlf(html ? Handlebars.escapeExpression(value) : value);
  return { shown, bytes: Buffer.byteLength(shown), encoded: encoded(shown) };
}

/** A piece in quoted-printable that ends where a line ends, if need be by a break that decoders take out: any may follow any. */
function encoded(shown: string): Buffer {
  const piece = quotedPrintable(shown);
  return Buffer.from(piece === '' || piece.endsWith('\r\n') ? piece : `${piece}=\r\n`, 'latin1');
}

/** The text with a reader's values in it, as they see it. */
export function textForReader(filled: Filled, values: ReaderValues, html: boolean): string {
  const pieces: string[] = [];
  const put = (shown: string) => pieces.push(shown);
  walk(filled, ownValues(values, html), {
    literal: (parts, at) => put(parts.literals[at] ?? ''),
    value: ({ shown }) => put(shown),
  });
  return pieces.join('');
}

/** The same as the pieces of a MIME body, in their order: only the reader's values are encoded. */
export function encodeForReader(filled: Filled, values: ReaderValues, html: boolean): Buffer[] {
  const pieces: Buffer[] = [];
  walk(filled, ownValues(values, html), {
    literal: (parts, at) => pieces.push(parts.encoded[at] as Buffer),
    value: (value) => pieces.push(value.encoded),
  });
  return pieces;
}

function ownValues(values: ReaderValues, html: boolean): { readonly [name in Slot]?: SlotValue } {
  return {
    unsubscribeUrl: slotValue(values.unsubscribeUrl, html),
    preferencesUrl: slotValue(values.preferencesUrl, html),
    address: slotValue(values.address, html),
    when: slotValue(values.when, html),
  };
}

type Visitor = {
  readonly literal: (parts: ReaderParts, at: number) => void;
  readonly value: (value: SlotValue) => void;
};

/** From the first piece to the last, once: a mail is a join of finished pieces and nothing is copied on the way. */
function walk(
  { parts, fills }: Filled,
  own: { readonly [name in Slot]?: SlotValue },
  visitor: Visitor,
): void {
  visitor.literal(parts, 0);
  for (const [index, name] of parts.names.entries()) {
    const fill = fills[name] ?? own[name];
    if (fill && 'shown' in fill) visitor.value(fill);
    else if (fill) for (const inner of fill) walk(inner, own, visitor);
    visitor.literal(parts, index + 1);
  }
}

/** The values as they may stand in a mail: links that are http(s), an address without controls. */
export function readerValues(values: Omit<ReaderValues, 'when'> & { readonly when?: string }): ReaderValues {
  return {
    unsubscribeUrl: ownLink(values.unsubscribeUrl),
    preferencesUrl: ownLink(values.preferencesUrl),
    address: plainText(values.address),
    when: plainText(values.when ?? ''),
  };
}

/** A link that we made ourselves: anything but http(s) is a bug. */
export function ownLink(text: string): string {
  if (!/^https?:\/\/[^\s<>"]+$/.test(text)) throw new TypeError(`Not an http(s) link: ${text}`);
  return text;
}
