import type { App } from '../app.ts';
import { mailboxKey, mailHost } from '../domain/mailbox.ts';
import { DAY, HOUR } from '../domain/time.ts';
import { signature } from '../domain/token.ts';
import type { Client, Later } from '../web/site.ts';
import type { Limit, Rate } from './sign-up-limits.ts';

/** A submitted form that makes us send a mail. */
export type MailForm = {
  readonly client: Client;
  /** The mailbox that would be mailed. */
  readonly address: string;
  /** The reader whose link led to the form; absent for a sign-up. */
  readonly reader?: { readonly id: number; readonly asksFor: 'own' | 'other' };
};

/** How often a reader may request links: to their own address, and separately to addresses they want to move to. */
const READER: readonly Rate[] = [
  { count: 3, window: HOUR },
  { count: 6, window: DAY },
];

/** How often a mailbox gets a mail because somebody entered its address. */
const MAILBOX: readonly Rate[] = [
  { count: 1, window: HOUR },
  { count: 3, window: DAY },
];

/** The mailboxes of a large provider belong to unrelated people. */
const LARGE_PROVIDER: Rate = { count: 500, window: HOUR };

/**
 * All limits that apply to a form: the reader, the visitor and their network, the recipient domain, the total, and the
 * mailbox. Count them in one `take`, before doing any other work for the form.
 */
export function mailLimits(app: App, form: MailForm): Limit[] {
  const { SIGNUP_PER_ADDRESS, SIGNUP_PER_PREFIX, SIGNUP_TOTAL } = app.config;
  const { client, address } = form;
  const host = mailHost(address);
  return [
    ...readerLimits(form),
    { key: `signup:from:${hidden(app, client.address)}`, ...SIGNUP_PER_ADDRESS },
    { key: `signup:from-prefix:${hidden(app, client.prefix)}`, ...SIGNUP_PER_PREFIX },
    { key: `signup:domain:${hidden(app, host.domain)}`, ...domainRate(app, host.isProvider) },
    { key: 'signup:total', ...SIGNUP_TOTAL },
    ...mailboxLimits(app, form),
  ];
}

/** `yours` if this reader or this network has asked too often, rather than everybody together. */
export function refusal(full: Limit, retryAfter: number): Later {
  return { kind: 'later', retryAfter, yours: /^(wish|signup:from)/.test(full.key) };
}

function readerLimits({ reader }: MailForm): Limit[] {
  if (reader === undefined) return [];
  if (reader.asksFor === 'own') return [];
  return READER.map((rate) => ({ key: `wish-${spanOf(rate)}:${reader.id}`, ...rate }));
}

/** Quiet: an error would reveal that somebody else has asked for this mailbox. */
function mailboxLimits(app: App, { address, reader }: MailForm): Limit[] {
  // A reader's own links have their own limit, so that a stranger who enters the address cannot block them.
  if (reader?.asksFor === 'own')
    return READER.map((rate) => ({ key: `link-${spanOf(rate)}:${reader.id}`, ...rate, quiet: true }));
  const mailbox = hidden(app, mailboxKey(address));
  return MAILBOX.map((rate) => ({ key: `mailbox-${spanOf(rate)}:${mailbox}`, ...rate, quiet: true }));
}

function domainRate(app: App, isProvider: boolean): Rate {
  const { SIGNUP_PER_DOMAIN: own } = app.config;
  const perHour = ({ count, window }: Rate) => count / window;
  return isProvider && perHour(own) < perHour(LARGE_PROVIDER) ? LARGE_PROVIDER : own;
}

function spanOf({ window }: Rate): 'hour' | 'day' {
  return window === HOUR ? 'hour' : 'day';
}

/** Limits are stored under keyed hashes instead of addresses. */
function hidden(app: App, text: string): string {
  return signature(app.secrets[0], 'limit', text);
}
