import type { SubscriberState } from '../domain/subscriber.ts';
import type { SuppressionReason } from '../domain/suppression.ts';

/** What a list says of somebody. `word` is what it calls that itself. */
export type ToldState = { readonly word: string } & (
  | { readonly state: Extract<SubscriberState, 'active' | 'pending'> }
  | {
      readonly state: Extract<SubscriberState, 'unsubscribed' | 'suppressed'>;
      readonly reason: SuppressionReason;
    }
);

type Meaning = keyof typeof WORDS;

/** What newsletter programs call each state. Words with different meanings in different programs are left out. */
const WORDS = {
  active: `active, enabled, subscribed, confirmed, opted in, optin, regular, premium, gifted, trialed, churning,
    comped`,
  pending: 'pending, unconfirmed, unactivated, not confirmed, awaiting confirmation, waiting, validating',
  unsubscribed: `unsubscribed, unsubscribe, opted out, optout, opt out, disabled, inactive, removed, deleted, left, cancelled,
    canceled, archived, not subscribed, non subscribed, nonsubscribed`,
  'by-hand': 'suppressed, blocklisted, blacklisted, blocked, banned, spammy, denied',
  hard: `bounced, bounce, hard bounce, hard bounced, cleaned, undeliverable, unreachable, invalid, malformed, dead,
    does not exist`,
  soft: 'soft bounce, soft bounced, mailbox full',
  complained: `complained, complaint, complaining, spam, spam complaint, spam report, reported spam, marked as spam, abuse,
    junk`,
};

const BY_WORD = new Map(Object.entries(WORDS).flatMap(([meaning, words]) => each(words, meaning as Meaning)));

/**
 * `says`: a word. `yes`: they are subscribed if it is true. `confirmed`: the same, and otherwise they have not confirmed yet.
 * `gone`: they are not subscribed if it is true, or a date.
 */
export type StatusKind = 'says' | 'yes' | 'confirmed' | { readonly gone: Meaning; readonly word: string };

/** Names of columns in lower case, with `_` between their words. */
const SAYING = `status, state, subscription_status, subscriber_status, subscription_state, subscriber_state, subscriber_type,
  email_status, member_status, contact_status, list_status, marketing_status, email_marketing_status, consent_status,
  optin_status, opt_in_status`;
const YES = `subscribed, is_subscribed, subscribed_to_emails, active, is_active, enabled, is_enabled, opted_in, opt_in, optin,
  email_opt_in, accepts_marketing, accepts_email_marketing`;
const LEFT = `unsubscribed, is_unsubscribed, unsubscribed_at, unsubscribe_date, unsubscription_date, date_unsubscribed,
  unsub_time, unsub, opted_out, opt_out, optout, email_disabled, disabled, deleted_at, deleted`;
const DEAD =
  'bounced, is_bounced, bounced_at, bounce_date, undeliverable, undeliverable_at, undeliverability_date';
const COMPLAINED = 'complained, complained_at, complaint_date, spam_complaint, marked_as_spam';
const BLOCKED = 'suppressed, suppressed_at, blocked, blocklisted, blacklisted, is_blocked, do_not_email';

/** The columns that tell who is subscribed. */
export const STATUS_COLUMNS: ReadonlyMap<string, StatusKind> = new Map<string, StatusKind>([
  ...each<StatusKind>(SAYING, 'says'),
  ...each<StatusKind>(YES, 'yes'),
  ...each<StatusKind>('confirmed, is_confirmed, email_verified', 'confirmed'),
  ...each<StatusKind>(LEFT, { gone: 'unsubscribed', word: 'unsubscribed' }),
  ...each<StatusKind>(DEAD, { gone: 'hard', word: 'bounced' }),
  ...each<StatusKind>(COMPLAINED, { gone: 'complained', word: 'complained' }),
  ...each<StatusKind>(BLOCKED, { gone: 'by-hand', word: 'blocked' }),
  ...each<StatusKind>('clean_time', { gone: 'hard', word: 'cleaned' }),
]);

/** @returns nothing when the word is not known */
export function stateOfWord(text: string): ToldState | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');
  const meaning = BY_WORD.get(word);
  return meaning && told(meaning, word);
}

/**
 * What a cell of a status column says.
 * @returns `nothing` when it says nothing of its own, `unknown` when it says what nobody can tell
 */
export function readStatus(kind: StatusKind, cell: string): ToldState | 'nothing' | 'unknown' {
  const answer = yesOrNo(cell);
  if (kind === 'says') return stateOfWord(cell) ?? 'unknown';
  if (kind === 'yes' || kind === 'confirmed') {
    if (answer === undefined && !isDate(cell)) return stateOfWord(cell) ?? 'unknown';
    if (answer !== false) return told('active', 'subscribed');
    return kind === 'yes' ? told('unsubscribed', 'unsubscribed') : told('pending', 'unconfirmed');
  }
  if (cell.trim() === '' || answer === false) return 'nothing';
  return answer === true || isDate(cell) ? told(kind.gone, kind.word) : 'unknown';
}

function isDate(cell: string): boolean {
  return /\d{4}/.test(cell);
}

/** What a person may say of lines that do not say it themselves. */
export const SAID_STATES = ['active', 'unsubscribed', 'suppressed'] as const;

export type SaidState = (typeof SAID_STATES)[number];

export function saidState(state: SaidState): ToldState {
  return told(state === 'suppressed' ? 'by-hand' : state, state === 'active' ? 'subscribed' : state);
}

const STRICTNESS: Readonly<Record<SubscriberState, number>> = {
  active: 0,
  pending: 1,
  unsubscribed: 2,
  suppressed: 3,
};

/** Whether a state keeps more mail away than another. */
export function isStricter(state: SubscriberState, than: SubscriberState): boolean {
  return STRICTNESS[state] > STRICTNESS[than];
}

function told(meaning: Meaning, word: string): ToldState {
  if (meaning === 'active' || meaning === 'pending') return { state: meaning, word };
  const state = meaning === 'unsubscribed' ? meaning : 'suppressed';
  return { state, reason: meaning, word };
}

function yesOrNo(cell: string): boolean | undefined {
  const text = cell.trim().toLowerCase();
  if (/^(true|yes|y|1|on|t)$/.test(text)) return true;
  return /^(false|no|n|0|off|f)$/.test(text) ? false : undefined;
}

/** The parts of a list of names, each with the same value. */
function each<Value>(names: string, value: Value): [string, Value][] {
  return names.split(',').map((name) => [name.trim(), value]);
}
