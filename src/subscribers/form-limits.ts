import type { Config } from '../config/load.ts';
import type { Secrets } from '../db/secrets.ts';
import { mailboxKey, mailHost } from '../domain/mailbox.ts';
import type { RateLimit } from '../domain/rate.ts';
import { DAY, HOUR } from '../domain/time.ts';
import { signature } from '../domain/token.ts';
import type { LinkTools } from './links.ts';
import type { Limit } from './sign-up-limits.ts';

/** Where a request comes from, as it is counted. */
export type Client = {
  /** An IPv4 address or an IPv6 /64, which is one household. */
  readonly address: string;
  /** The IPv4 /24 or IPv6 /48 around it. */
  readonly prefix: string;
};

/** Too many requests, from this visitor (`yours`) or in total. `retryAfter` is in milliseconds. */
export type Later = { readonly kind: 'later'; readonly retryAfter: number; readonly yours: boolean };

/** The answer to a form that makes us send a mail; `taken` does not say whether one is sent. */
export type MailAnswer = { readonly kind: 'taken' } | Later;

/** A submitted form that makes us send a mail. */
export type MailForm = {
  readonly client: Client;
  /** The mailbox that would be mailed. */
  readonly address: string;
  /** The subscriber whose link led to the form; absent for a sign-up. */
  readonly subscriber?: { readonly id: number; readonly asksFor: 'own' | 'other' };
};

/** How often a subscriber may request links: to their own address, and separately to addresses they want to move to. */
const SUBSCRIBER: readonly RateLimit[] = [
  { count: 3, per: HOUR },
  { count: 6, per: DAY },
];

/** How often a mailbox gets a mail because somebody entered its address. */
const MAILBOX: readonly RateLimit[] = [
  { count: 1, per: HOUR },
  { count: 3, per: DAY },
];

/** The mailboxes of a large provider belong to unrelated people. */
const LARGE_PROVIDER: RateLimit = { count: 500, per: HOUR };

/**
 * All limits that apply to a form: the subscriber, the visitor and their network, the recipient domain, the total, and the
 * mailbox. Count them in one `take`, before doing any other work for the form.
 */
export function mailLimits({ config, secrets }: LinkTools, form: MailForm): Limit[] {
  const { SIGNUP_PER_ADDRESS, SIGNUP_PER_PREFIX, SIGNUP_TOTAL } = config;
  const { client, address } = form;
  return [
    ...subscriberLimits(form),
    { key: `signup:from:${hidden(secrets, client.address)}`, ...SIGNUP_PER_ADDRESS },
    { key: `signup:from-prefix:${hidden(secrets, client.prefix)}`, ...SIGNUP_PER_PREFIX },
    domainLimit({ config, secrets }, address),
    { key: 'signup:total', ...SIGNUP_TOTAL },
    ...mailboxLimits(secrets, form),
  ];
}

/** The limits for the mail that answers a mail to UNSUBSCRIBE_ADDRESS: whoever writes it may name any address. */
export function leaveLimits({ config, secrets }: LinkTools, address: string): Limit[] {
  return [
    { key: `leave:${hidden(secrets, mailboxKey(address))}`, count: 1, per: DAY },
    domainLimit({ config, secrets }, address),
    { key: 'signup:total', ...config.SIGNUP_TOTAL },
    ...mailboxLimits(secrets, { address }),
  ];
}

function domainLimit({ config, secrets }: LinkTools, address: string): Limit {
  const { domain, isProvider } = mailHost(address);
  return { key: `signup:domain:${hidden(secrets, domain)}`, ...domainRate(config, isProvider) };
}

/** `yours` if this subscriber or this network has asked too often, rather than everybody together. */
export function refusal(full: Limit, retryAfter: number): Later {
  return { kind: 'later', retryAfter, yours: /^(wish|signup:from)/.test(full.key) };
}

function subscriberLimits({ subscriber }: MailForm): Limit[] {
  if (subscriber === undefined) return [];
  if (subscriber.asksFor === 'own') return [];
  return SUBSCRIBER.map((rate) => ({ key: `wish-${spanOf(rate)}:${subscriber.id}`, ...rate }));
}

/** Quiet: an error would reveal that somebody else has asked for this mailbox. */
function mailboxLimits(
  secrets: Secrets,
  { address, subscriber }: Pick<MailForm, 'address' | 'subscriber'>,
): Limit[] {
  // A subscriber's own links have their own limit, so that a stranger who enters the address cannot block them.
  if (subscriber?.asksFor === 'own')
    return SUBSCRIBER.map((rate) => ({ key: `link-${spanOf(rate)}:${subscriber.id}`, ...rate, quiet: true }));
  const mailbox = hidden(secrets, mailboxKey(address));
  return MAILBOX.map((rate) => ({ key: `mailbox-${spanOf(rate)}:${mailbox}`, ...rate, quiet: true }));
}

function domainRate({ SIGNUP_PER_DOMAIN: own }: Config, isProvider: boolean): RateLimit {
  const perHour = ({ count, per }: RateLimit) => count / per;
  return isProvider && perHour(own) < perHour(LARGE_PROVIDER) ? LARGE_PROVIDER : own;
}

function spanOf({ per }: RateLimit): 'hour' | 'day' {
  return per === HOUR ? 'hour' : 'day';
}

/** Limits are stored under keyed hashes instead of addresses. */
function hidden([secret]: Secrets, text: string): string {
  return signature(secret, 'limit', text);
}
