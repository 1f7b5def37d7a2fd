import { mailboxKey, mailHost } from '../domain/mailbox.ts';
import { DAY, HOUR } from '../domain/time.ts';
import { signature } from '../domain/token.ts';
import type { Limit, Rate } from '../store/limits.ts';
import type { Client, Later } from '../web/site.ts';
import type { App } from './wire.ts';

/** A form that makes us mail somebody, as it was sent. */
export type MailForm = {
  readonly client: Client;
  /** The mailbox that would be mailed. */
  readonly address: string;
  /** The reader whose link the form is behind; none for a sign-up. */
  readonly reader?: { readonly id: number; readonly asksFor: 'own' | 'other' };
};

/** How often a reader may have a link mailed: to their own address, and to addresses they want to move to. */
const READER: readonly Rate[] = [
  { count: 3, window: HOUR },
  { count: 6, window: DAY },
];

/** How often a mailbox is mailed because somebody typed its address. */
const MAILBOX: readonly Rate[] = [
  { count: 1, window: HOUR },
  { count: 3, window: DAY },
];

/** For a provider whose mailboxes belong to people who have nothing to do with each other. */
const LARGE_PROVIDER: Rate = { count: 500, window: HOUR };

/**
 * Everything that a form is counted against before any work is done for it: who asks, where from, whose mailbox it
 * is, whose domain, and all together. One `take` counts them all.
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

/** Of one request: `yours` when it is this reader or this network that has asked too often. */
export function refusal(full: Limit, retryAfter: number): Later {
  return { kind: 'later', retryAfter, yours: /^(wish|signup:from)/.test(full.key) };
}

function readerLimits({ reader }: MailForm): Limit[] {
  if (reader === undefined) return [];
  if (reader.asksFor === 'own') return [];
  return READER.map((rate) => ({ key: `wish-${spanOf(rate)}:${reader.id}`, ...rate }));
}

/** Nobody is told that a mailbox is full: it would say that somebody else has asked for it. */
function mailboxLimits(app: App, { address, reader }: MailForm): Limit[] {
  // Their own mailbox is the reader's: what somebody else may have typed does not keep their links from them.
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

/** What is counted is kept under a name that says nothing without our secret. */
function hidden(app: App, text: string): string {
  return signature(app.secrets[0], 'limit', text);
}
