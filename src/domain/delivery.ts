import type { Instant } from './time.ts';

/** See docs/internals/ledger.md for who moves a delivery from one state to which. */
export const DELIVERY_STATES = [
  'planned',
  'sending',
  'accepted',
  'deferred',
  'failed',
  'uncertain',
  'suppressed',
  'superseded',
  'expired',
] as const;

export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** The states of unfinished deliveries. */
export const OPEN_STATES = ['planned', 'sending', 'deferred', 'uncertain'] as const;

/**
 * What one attempt came to. `route`: the server refused us, not this subscriber, and no attempt is
 * spent. `held`: a refusal of this subscriber that may be the relay's or the provider's mistake: no attempt is spent, nobody
 * is suppressed, and it is retried at `until`. `lost`: the connection broke after DATA began; the server may have it. `returned`: it was kept back
 * before DATA for reasons of our own.
 */
export type Outcome =
  | { readonly kind: 'accepted'; readonly reply: string }
  | { readonly kind: 'deferred'; readonly reply: string }
  | {
      readonly kind: 'failed';
      readonly class: FailureClass;
      readonly reply: string;
      readonly suppress: boolean;
    }
  | { readonly kind: 'lost'; readonly reply: string }
  | { readonly kind: 'route'; readonly reply: string }
  | { readonly kind: 'held'; readonly reply: string; readonly until: Instant }
  | { readonly kind: 'returned'; readonly reply: string };

/** `hard`: no such mailbox. `soft`: full, or another reason given. `refused`: a 5xx without one. `policy`: 5.7.x. */
export type FailureClass = 'hard' | 'soft' | 'refused' | 'policy';

/** How many deliveries of an issue are in each state, and the audience they must add up to. */
export type Books = {
  readonly issueId: number;
  /** Counted from the subscribers when the issue was frozen. */
  readonly audience: number;
  /** Subscribers who joined after the freeze and were given this issue. */
  readonly joined: number;
  readonly counts: { readonly [state in DeliveryState]: number };
  /** Accepted rows that lack a reply or a time: each is an error. */
  readonly unproven: number;
};

/** What is wrong with the books of an issue whose audience is planned; empty when they balance. */
export function imbalances(books: Books): string[] {
  const rows = DELIVERY_STATES.reduce((sum, state) => sum + books.counts[state], 0);
  const expected = books.audience + books.joined;
  const wrong: string[] = [];
  if (rows !== expected) wrong.push(`${expected} readers were counted and ${rows} have a delivery`);
  if (books.unproven > 0) wrong.push(`${books.unproven} accepted deliveries have no reply or no time`);
  return wrong;
}
