import { z } from 'zod';
import { LONGEST_ADDRESS, parseAddress } from '../../domain/address.ts';
import { isTimeZone } from '../../domain/day.ts';
import { DELIVERY_STATES } from '../../domain/delivery.ts';
import { isDeliverAt, isOneLine, SUBSCRIBER_STATES } from '../../domain/subscriber.ts';
import { formatDays, parseDays } from '../../domain/weekdays.ts';

/** What the API takes and gives; the document at `/api/v1/openapi.json` is made of these. */

const limit = z.coerce.number().int().min(1).max(1000).default(100).describe('How many at most.');
const after = z.coerce.number().int().min(0).default(0).describe('Only those with a greater id.');

/** If a text is too long, no further check runs on it. */
const text = (longest: number) => z.string().max(longest, { abort: true });

const name = text(200).refine(isOneLine, 'one line of at most 200 characters');
const address = text(LONGEST_ADDRESS).refine(
  (given) => parseAddress(given) !== undefined,
  'an address such as ada@example.org',
);
const timezone = text(64).refine(isTimeZone, 'an IANA name such as Europe/Berlin');
const deliverAt = text(5).refine(isDeliverAt, 'a time HH:MM in steps of 30 minutes');
const days = text(60)
  .refine((given) => parseDays(given) !== undefined, 'nothing, weekdays, weekly, or mon wed fri')
  .describe('Empty for every day, `weekdays`, `weekly`, or days such as `mon wed fri`.');
const topics = z
  .array(text(120))
  .max(50)
  .describe(
    '`cs.CL`, `diffusion models`, `author:Name`, `like:2510.01234`, `-muted words`, `-like:2510.04321`',
  );
const time = z.string().describe('A moment in UTC, ISO 8601.');

export const details = z.object({
  name: name.optional(),
  timezone: timezone.optional(),
  deliverAt: deliverAt.optional(),
  days: days.optional(),
  topics: topics.optional(),
  picks: z.number().int().min(1).max(100).nullable().optional(),
});

export const newSubscriber = details.extend({ email: address });

export const subscriber = z.object({
  id: z.number().int(),
  email: z.string(),
  name: z.string(),
  state: z.enum(SUBSCRIBER_STATES),
  timezone: z.string(),
  deliverAt: z.string(),
  days: z.string(),
  topics,
  picks: z.number().int().nullable(),
  consent: z.string(),
  createdAt: time,
});

export const subscriberQuery = z.object({ state: z.enum(SUBSCRIBER_STATES).optional(), after, limit });
export const eraseQuery = z.object({
  erase: z.enum(['true', 'false']).default('false').describe('Forget the address too.'),
});
export const issueQuery = z.object({
  before: z.iso.date().optional().describe('Only those of earlier days.'),
  limit,
});
export const paperQuery = z.object({
  q: text(300).default('').describe('As in the search box: words, "phrases", author:, cs.CL, from:, to:'),
  order: z.enum(['best', 'new']).default('best'),
  offset: z.coerce.number().int().min(0).max(5000).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('How many at most.'),
});
export const deliveryQuery = z.object({
  issue: text(10).describe('A day (`2026-08-19`) or a week (`2026-W34`).'),
  state: z.enum(DELIVERY_STATES).optional(),
  after,
  limit,
});

const links = z.record(z.string(), z.string());

export const paper = z.object({
  id: z.string(),
  title: z.string(),
  abstract: z.string(),
  authors: z.array(z.string()),
  categories: z.array(z.string()),
  links,
  sources: z.array(z.string()),
  day: z.string(),
});
export const pick = paper.extend({ score: z.number(), reasons: z.array(z.string()) });
export const issueLine = z.object({
  kind: z.enum(['daily', 'weekly']),
  date: z.string(),
  state: z.string(),
  number: z.number().int().nullable(),
  subject: z.string(),
  reason: z.string(),
});
export const issue = issueLine.extend({ preheader: z.string(), frozenAt: time, papers: z.array(pick) });
export const delivery = z.object({
  subscriberId: z.number().int(),
  address: z.string(),
  state: z.enum(DELIVERY_STATES),
  reason: z.string(),
  reply: z.string(),
  attempts: z.number().int(),
  dueAt: time,
  settledAt: time.nullable(),
});

/** Moments as programs read them; 0 is none. */
export function moment(at: number): string | null {
  return at === 0 ? null : new Date(at).toISOString();
}

export function daysText(value: number): string {
  return formatDays(value);
}

/** The bits of a text that `days` let through. */
export function daysValue(text: string | undefined): { days?: number } {
  const value = text === undefined ? undefined : parseDays(text);
  return value === undefined ? {} : { days: value };
}
