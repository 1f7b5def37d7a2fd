import Handlebars from 'handlebars';
import { quotedPrintable } from './mime.ts';
import { plainText } from './plain-text.ts';
import { MARK, type Slot, slot } from './slot.ts';

/** What differs from one subscriber's mail to the next, though their picks are the same. */
export type SubscriberValues = {
  readonly unsubscribeUrl: string;
  /** Empty where there are no pages. */
  readonly preferencesUrl: string;
  readonly feedbackUrl: string;
  readonly address: string;
  /** When their mails come, in words; only a welcome says it. */
  readonly when: string;
};

/** A piece of a text as it is shown, with its size in UTF-8, and as it goes over the wire. */
export type Piece = { readonly shown: string; readonly bytes: number; readonly encoded: Buffer };

/**
 * A rendered text cut at its slots: literal pieces, encoded once for all subscribers, and between each two of them the name of
 * a slot. Filling it in is a join, so that no text is ever compiled that holds a paper's words.
 */
export type SubscriberParts = { readonly literals: readonly Piece[]; readonly names: readonly Slot[] };

/** Given to a template in place of a subscriber. */
export const ANY_SUBSCRIBER: SubscriberValues = {
  unsubscribeUrl: slot('unsubscribeUrl'),
  preferencesUrl: slot('preferencesUrl'),
  feedbackUrl: slot('feedbackUrl'),
  address: slot('address'),
  when: slot('when'),
};

/** Cuts what was rendered with slots in it; line ends become CRLF, as MIME wants them. */
export function cutAtSlots(rendered: string): SubscriberParts {
  const pieces = rendered.split(MARK);
  return {
    literals: pieces.filter((_, index) => index % 2 === 0).map(pieceOf),
    names: pieces.filter((_, index) => index % 2 === 1) as Slot[],
  };
}

/** A text and what goes into its slots: a value, or other texts in their order. The subscriber's own values come last. */
export type Filled = {
  readonly parts: SubscriberParts;
  readonly fills: { readonly [name in Slot]?: Piece | readonly Filled[] };
};

/** @param html whether the text is HTML, where the value is escaped */
export function slotValue(value: string, html: boolean): Piece {
  return pieceOf(html ? Handlebars.escapeExpression(value) : value);
}

/** In quoted-printable a piece ends where a line ends, if need be by a break that decoders take out: any may follow any. */
function pieceOf(text: string): Piece {
  const shown = text.replace(/\r\n?|\n/g, '\r\n');
  const line = quotedPrintable(shown);
  const encoded = Buffer.from(line === '' || line.endsWith('\r\n') ? line : `${line}=\r\n`, 'latin1');
  return { shown, bytes: Buffer.byteLength(shown), encoded };
}

/** The text with a subscriber's values in it, as they see it. */
export function textForSubscriber(filled: Filled, values: SubscriberValues, html: boolean): string {
  return subscriberPieces(filled, ownValues(values, html), 'shown').join('');
}

/** The same as the pieces of a MIME body, in their order: only the subscriber's values are encoded. */
export function encodeForSubscriber(filled: Filled, values: SubscriberValues, html: boolean): Buffer[] {
  return subscriberPieces(filled, ownValues(values, html), 'encoded');
}

type OwnValues = { readonly [name in Slot]?: Piece };

function ownValues(values: SubscriberValues, html: boolean): OwnValues {
  return {
    unsubscribeUrl: slotValue(values.unsubscribeUrl, html),
    preferencesUrl: slotValue(values.preferencesUrl, html),
    feedbackUrl: slotValue(values.feedbackUrl, html),
    address: slotValue(values.address, html),
    when: slotValue(values.when, html),
  };
}

/** From the first piece to the last, once: a mail is a join of finished pieces and nothing is copied on the way. */
function subscriberPieces<Form extends 'shown' | 'encoded'>(
  { parts: { literals, names }, fills }: Filled,
  own: OwnValues,
  form: Form,
  pieces: Piece[Form][] = [],
): Piece[Form][] {
  for (let at = 0; at < literals.length; at += 1) {
    pieces.push((literals[at] as Piece)[form]);
    const name = names[at];
    const fill = name && (fills[name] ?? own[name]);
    if (fill && 'shown' in fill) pieces.push(fill[form]);
    else if (fill) for (const inner of fill) subscriberPieces(inner, own, form, pieces);
  }
  return pieces;
}

/** The values as they may stand in a mail: links that are http(s), an address without controls. */
export function subscriberValues(
  values: Omit<SubscriberValues, 'when'> & { readonly when?: string },
): SubscriberValues {
  return {
    unsubscribeUrl: ownLink(values.unsubscribeUrl),
    preferencesUrl: values.preferencesUrl && ownLink(values.preferencesUrl),
    feedbackUrl: values.feedbackUrl && ownLink(values.feedbackUrl),
    address: plainText(values.address),
    when: plainText(values.when ?? ''),
  };
}

/** A link that we made ourselves: anything but http(s) and mailto is a bug. */
export function ownLink(text: string): string {
  if (!/^(https?:\/\/|mailto:)[^\s<>"]+$/.test(text)) throw new TypeError(`Not a link of ours: ${text}`);
  return text;
}
