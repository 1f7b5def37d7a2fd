import type { FailureClass } from './delivery.ts';
import type { Instant } from './time.ts';
import type { ReturnedMail } from './verp.ts';

/**
 * What came back. `bounce`: a mail could not be delivered. `delayed`: not yet. `delivered`: it was. `complaint`: its
 * subscriber called it spam. `unsubscribe`: its subscriber wants no more. `feedback`: a report on a mail that is no complaint.
 * `auto-reply`: nobody wrote it and it says nothing of the address. `other`: anything else.
 */
export const RETURN_KINDS = [
  'bounce',
  'delayed',
  'delivered',
  'complaint',
  'unsubscribe',
  'feedback',
  'auto-reply',
  'other',
] as const;

export type ReturnKind = (typeof RETURN_KINDS)[number];

/** What a return led to. `held`: its subscriber stays, because too many would go at once. `unmatched`: no mail of ours. */
export const RETURN_EFFECTS = [
  'suppressed',
  'counted',
  'held',
  'policy',
  'complained',
  'unsubscribed',
  'none',
  'unmatched',
] as const;

export type ReturnEffect = (typeof RETURN_EFFECTS)[number];

/** Which mail of ours a return is about, as far as the return itself proves it. */
export type ReturnSubject =
  /** Named by a tag that we made. */
  | { readonly mail: ReturnedMail }
  /** Named by the token of an unsubscribe link. */
  | { readonly subscriberId: number }
  /** Whoever writes to UNSUBSCRIBE_ADDRESS without a token, which proves nothing: a mail with the link is all it leads to. */
  | { readonly askedBy: string }
  /** A provider that signs its reports named the address, and the id that it gave the mail when it took it. */
  | { readonly address: string; readonly acceptedAs: string };

/** One event, whoever reported it. */
export type Return = {
  /** `mail`, or the provider's name. */
  readonly source: string;
  /** Names the event within its source, for ever: one that comes twice counts once. */
  readonly key: string;
  readonly kind: ReturnKind;
  /** Of a bounce. */
  readonly class?: FailureClass;
  /** The enhanced code that decided (RFC 3463); empty for none. */
  readonly status: string;
  /** The reply code that decided (RFC 5321 §4.2). */
  readonly code?: number;
  readonly about?: ReturnSubject;
  /** The far server's words, or the provider's. */
  readonly detail: string;
  /** When it happened, as its source says. */
  readonly happenedAt?: Instant;
};

/** A return as it is shown: `complaint` is a class of its own there. */
export function returnClass({
  kind,
  class: type,
}: {
  readonly kind: ReturnKind;
  readonly class?: string;
}): string {
  if (kind === 'complaint') return 'complaint';
  return type || 'none';
}

/** No longer part of somebody's words is kept. */
const LONGEST_DETAIL = 300;

/** Words of strangers as they may be kept: on one line, without control characters. */
export function returnDetail(text: string): string {
  const plain = text
    .slice(0, 4 * LONGEST_DETAIL)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return plain.slice(0, LONGEST_DETAIL).toWellFormed();
}
