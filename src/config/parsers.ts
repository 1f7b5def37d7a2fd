import { CronExpressionParser } from 'cron-parser';
import ipaddr from 'ipaddr.js';
import { validate } from 'node-cron';
import { z } from 'zod';
import { type Mailbox, parseAddress, splitMailbox } from '../domain/address.ts';
import { isPostgresUrl } from '../domain/database-url.ts';
import { isTimeZone } from '../domain/day.ts';
import { parseRate, parseRates } from '../domain/rate.ts';
import type { SourceSpec } from '../domain/source.ts';
import { parseSourceList } from '../domain/source-list.ts';
import { isDeliverAt } from '../domain/subscriber.ts';
import { parseDuration } from '../domain/time.ts';
import { isWebAddress } from '../domain/web-address.ts';
import { DAY_NAMES } from '../domain/weekdays.ts';
import { ENCODED, hasBareSign } from './url-credentials.ts';

export const text = z
  .string()
  .refine((value) => !/\p{Cc}/u.test(value), 'one line of text without control characters');

export const optionalText = text.transform((value) => (value === '' ? undefined : value));

/** `#8a2432`, in lower case. */
export const colour = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/, 'a colour such as #8a2432');

export function wholeNumber(least: number, most: number) {
  const expected = `a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, expected)
    .transform(Number)
    .refine((value) => value >= least && value <= most, expected);
}

/** A part of a whole: above 0, at most 1. */
export const share = z
  .string()
  .regex(/^(0?\.\d{1,4}|1(\.0{1,4})?)$/, 'a share such as 0.5, at most 1')
  .transform(Number)
  .refine((value) => value > 0, 'a share above 0');

export function oneOf<const Choice extends string>(...choices: Choice[]) {
  return z.enum(choices, `one of ${choices.join(', ')}`);
}

export const yesOrNo = oneOf('true', 'false').transform((value) => value === 'true');

export const onOrOff = oneOf('on', 'off').transform((value) => value === 'on');

/** `mon` to `sun`; the value is 1 to 7. */
export const weekday = oneOf(...DAY_NAMES).transform((name) => DAY_NAMES.indexOf(name) + 1);

export const timeZone = z.string().refine(isTimeZone, 'an IANA time zone such as Europe/Berlin or UTC');

export const localTime = z
  .string()
  .refine(isDeliverAt, 'a local time HH:MM in steps of 30 minutes, such as 07:00');

export const rates = parsed(parseRates, 'limits such as 20/s, 5000/h, 50000/d');

export const duration = parsed(parseDuration, 'a duration such as 30s, 5m, 12h or 2d');

/** How many in any span of a length. */
export const rate = parsed(parseRate, 'a rate such as 20/h: a whole number, a slash, and s, m, h or d');

/** Networks as CIDR ranges; `loopback` and `private` stand for theirs, nothing for none. */
export const networks = parsed((value) => {
  const names = value.split(/[\s,]+/).filter((name) => name !== '' && name !== 'none');
  const ranges = names.flatMap((name) => NETWORKS[name] ?? [name.includes('/') ? name : single(name)]);
  return ranges.every((range) => ipaddr.isValidCIDR(range)) ? ranges : undefined;
}, 'none, loopback, private, or addresses and ranges such as 10.0.0.0/8, with commas between them');

const NETWORKS: Record<string, string[]> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

function single(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

export const cron = z
  .string()
  .refine(isCron, 'a cron line of five fields, such as 0 5 * * *, or */15 * * * * for every 15 minutes');

export const optionalAddress = parsed(
  (value) => (value === '' ? '' : mailbox(value)),
  'an e-mail address such as papers@example.org',
).transform((value) => (value === '' ? undefined : value));

/** An address, or `Name <address>`. */
export const optionalMailbox = parsed((value): Mailbox | '' | undefined => {
  if (value === '') return '';
  const { name, address: written } = splitMailbox(value);
  const address = mailbox(written);
  return address === undefined || /\p{Cc}/u.test(name) ? undefined : { name, address };
}, 'an e-mail address such as papers@example.org, or with a name: The Papers <papers@example.org>').transform(
  (value) => (value === '' ? undefined : value),
);

/** Leaves room for a tag of 39 characters in the 64 that a local part may have; a `*` is the place of the tag. */
export const optionalBounceAddress = parsed((value) => {
  if (value === '') return '';
  if (!/^([^+*@]{1,24}|[^@*]{0,24}\*[^@*]{0,24})@/.test(value)) return undefined;
  return value.indexOf('@') <= 25 && mailbox(value.replace('*', 'tag')) !== undefined ? value : undefined;
}, 'an address such as bounces@papers.example.org, or with a * for the tag such as *@bounces.example.org; at most 24 characters and no + before the @').transform(
  (value) => (value === '' ? undefined : value.toLowerCase()),
);

/** A host name, or one part of it, as it may stand in a DKIM signature. */
export const optionalDomain = z
  .string()
  .regex(
    /^$|^[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*$/i,
    'a name such as papers.example.org',
  )
  .transform((value) => (value === '' ? undefined : value.toLowerCase()));

/** An origin with an optional path, without the slash at its end; empty means "made from PORT", `none` that there is none. */
export const siteUrl = parsed(
  (value) => (value === '' || value === 'none' ? value : webAddress(value)),
  'an address such as https://papers.example.org, or none',
);

export const optionalWebAddress = parsed(
  (value) => (value === '' ? '' : webAddress(value)),
  'an address such as https://api.example.com/v1',
).transform((value) => (value === '' ? undefined : value));

/** As curl takes it: without a scheme it is http. */
export const optionalProxy = parsed((value) => {
  if (value === '') return '';
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  return /^https?:\/\/[^/\s]/i.test(url) && URL.canParse(url) ? url : undefined;
}, 'the address of a proxy such as http://proxy.example.org:3128').transform((value) =>
  value === '' ? undefined : value,
);

const RELAYS = 'smtp://USER:PASSWORD@HOST:PORT or smtps://…, several with commas between them';

/** Relays in order of preference; none means that mails go to files. */
export const smtpUrls = parsed(
  (value) => {
    const urls = value.split(/[\s,]+(?=smtps?:\/\/|$)/i).filter(Boolean);
    return urls.every(isSmtpUrl) ? urls : undefined;
  },
  (value) => (hasBareSign(value) ? `${RELAYS}, with ${ENCODED}` : RELAYS),
);

/** Secrets that nobody guesses, with commas between them. */
export const tokens = parsed((value) => {
  const all = value.split(/[\s,]+/).filter(Boolean);
  return all.every((token) => token.length >= 20) ? all : undefined;
}, 'tokens of at least 20 characters, such as openssl rand -hex 24 gives');

export const optionalHookAddress = z
  .string()
  .refine((value) => value === '' || isWebAddress(value), 'an address such as https://example.org/hook')
  .transform((value) => (value === '' ? undefined : value));

/** http and https only; a name and password in one are not sent. */
export const webAddresses = parsed((value) => {
  const urls = value.split(/[\s,]+/).filter(Boolean);
  return urls.every(isWebAddress) ? urls : undefined;
}, 'addresses such as https://example.org/hook, several with commas between them');

const DATABASES = 'a file such as data/offprint.db, sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE';

/** `sqlite:PATH` or a bare path, of which the value is the path; or a Postgres address, which stays as it is. */
export const database = parsed(
  (value) => {
    if (isPostgresUrl(value)) return URL.parse(value)?.hostname && !hasBareSign(value) ? value : undefined;
    const path = value.replace(/^sqlite:(\/\/(?=\/))?/, '');
    return path === '' || /^[a-z]+:\/\//i.test(path) ? undefined : path;
  },
  (value) => (isPostgresUrl(value) && hasBareSign(value) ? `${DATABASES}, with ${ENCODED}` : DATABASES),
);

export const sources = z.string().transform((value, context): SourceSpec[] => {
  const { specs, problems } = parseSourceList(value);
  for (const problem of problems)
    context.addIssue({ code: 'custom', message: `a list of sources; ${problem}` });
  if (specs.length === 0 && problems.length === 0) {
    context.addIssue({ code: 'custom', message: 'at least one source, such as huggingface' });
  }
  return specs;
});

function parsed<Value>(
  read: (value: string) => Value | undefined,
  expected: string | ((value: string) => string),
) {
  return z.string().transform((value, context): Value => {
    const result = read(value);
    if (result !== undefined) return result;
    const message = typeof expected === 'string' ? expected : expected(value);
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

/** A plain address, or one of a local machine (`offprint@localhost`), which has no dot. */
function mailbox(value: string): string | undefined {
  return parseAddress(value) ?? (/^[\w.+-]+@[a-z0-9-]+$/i.test(value) ? value : undefined);
}

function webAddress(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  if (url.search !== '' || url.hash !== '') return undefined;
  return url.href.replace(/\/+$/, '');
}

function isSmtpUrl(value: string): boolean {
  return /^smtps?:\/\/([^/?#]*@)?[^@/?#,\s]+\/?$/.test(value) && URL.canParse(value) && !hasBareSign(value);
}

/** Both libraries must take it: one of them makes the ticks, the other one the moments of issues. */
function isCron(value: string): boolean {
  if (value.trim().split(/\s+/).length !== 5 || !validate(value)) return false;
  try {
    CronExpressionParser.parse(value);
    return true;
  } catch {
    return false;
  }
}
