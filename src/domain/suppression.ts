import { addressKey } from './address.ts';
import type { SubscriberState } from './subscriber.ts';
import { DAY, type Instant } from './time.ts';
import { signature } from './token.ts';

/**
 * Why an address is not mailed. `hard`: no such mailbox. `refused`: refused without a reason in three issues running. `soft`: full
 * or given up for too long. `complained`: its subscriber called a mail spam. `unsubscribed`, `erased`: its subscriber left.
 * `by-hand`: the operator said so.
 */
const SUPPRESSION_REASONS = [
  'hard',
  'refused',
  'soft',
  'complained',
  'unsubscribed',
  'erased',
  'by-hand',
] as const;

export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** What is kept of an address that is not mailed: it outlives the subscriber and does not hold the address. */
export type Suppression = {
  readonly reason: SuppressionReason;
  readonly since: number;
  /** What brought it: `smtp`, `return`, `reader`, `operator`, `import`; empty for what was known before there was this record. */
  readonly source: string;
  /** The server's words, where a server said so. */
  readonly reply: string;
};

/**
 * Under which id the suppression of an address is kept.
 * @param key made for this alone and never changed: with another one nobody who left would be recognised
 */
export function suppressionId(key: string, address: string): string {
  return signature(key, 'suppression', addressKey(address));
}

/** How long after a suppression its owner may ask for the newsletter again, on the form. */
const REST = 7 * DAY;
const REST_AFTER_COMPLAINT = 30 * DAY;

/** Whether the owner of an address, who has just asked for it on the form, gets the mail that lets them confirm. */
export function mayAskAgain({ reason, since }: Pick<Suppression, 'reason' | 'since'>, now: Instant): boolean {
  if (reason === 'unsubscribed' || reason === 'erased') return true;
  if (reason === 'by-hand') return false;
  return now - since > (reason === 'complained' ? REST_AFTER_COMPLAINT : REST);
}

/** Who chose to leave, or never to be mailed: no server's mistake brings them back. */
export function isOwnChoice(reason: SuppressionReason): boolean {
  return reason === 'complained' || reason === 'unsubscribed' || reason === 'erased';
}

/** Why a list or a program brings nobody in here: `unsubscribed`, `suppressed (hard)`. Nothing where they may come in. */
export function awayBecause(
  state: SubscriberState | undefined,
  reason: SuppressionReason | undefined,
): string | undefined {
  if (state === 'unsubscribed' || reason === 'unsubscribed') return 'unsubscribed';
  if (state !== 'suppressed' && reason === undefined) return undefined;
  return reason === undefined ? 'suppressed' : `suppressed (${reason})`;
}
