import { z } from 'zod';
import { LONGEST_ADDRESS, parseAddress } from '../../domain/address.ts';
import { isTimeZone } from '../../domain/day.ts';
import { DELIVERY_STATES } from '../../domain/delivery.ts';
import { isDeliverAt, isOneLine, SUBSCRIBER_STATES } from '../../domain/subscriber.ts';
import { isInstant } from '../../domain/time.ts';
import { formatDays, parseDays } from '../../domain/weekdays.ts';
import { checkTopics } from '../../papers/topics.ts';

/**
 * What the API takes and gives. Requests are read with these shapes, answers are written with them, and the document at
 * `/api/v1/openapi.json` is made of them.
 */

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

const DAYS = 'Empty for every day, `weekdays`, `weekly`, or days such as `mon wed fri`.';
const days = text(60)
  .describe(DAYS)
  .transform((given, context) => {
    const read = parseDays(given);
    if (read !== undefined) return read;
    context.addIssue({ code: 'custom', message: 'nothing, weekdays, weekly, or mon wed fri' });
    return z.NEVER;
  });

const TOPICS =
  '`cs.CL`, `diffusion models`, `author:Name`, `like:2510.01234`, `-muted words`, `-like:2510.04321`';
const topics = z
  .array(text(120))
  .max(50)
  .describe(TOPICS)
  .transform((lines, context) => {
    const { topics, problems } = checkTopics(lines);
    for (const message of problems) context.addIssue({ code: 'custom', message });
    return topics;
  });

export const details = z.object({
  name: name.exactOptional(),
  timezone: timezone.exactOptional(),
  deliverAt: deliverAt.exactOptional(),
  days: days.exactOptional(),
  topics: topics.exactOptional(),
  picks: z.number().int().min(1).max(100).nullable().exactOptional(),
});

export const newSubscriber = details.extend({ email: address });

export const subscriberQuery = z.object({ state: z.enum(SUBSCRIBER_STATES).optional(), after, limit });
export const eraseQuery = z.object({
  erase: z.enum(['true', 'false']).default('false').describe('Forget the address too.'),
});
export const issueQuery = z.object({
  before: z.iso.date().exactOptional().describe('Only those of earlier days.'),
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

// An answer is shaped, not checked: SQLite keeps whatever was written into a column, and one odd row must not hide all
// others.

const oneOf = (choices: readonly string[]) => z.string().meta({ enum: [...choices] });

/** Milliseconds since 1970 as programs read them; 0 is none. */
const moment = z
  .custom<number>()
  .transform((at) => (at !== 0 && isInstant(at) ? new Date(at).toISOString() : null))
  .pipe(z.string().nullable().describe('A moment in UTC, ISO 8601.'));

export const subscriber = z.object({
  id: z.number().int(),
  email: z.string(),
  name: z.string(),
  state: oneOf(SUBSCRIBER_STATES),
  timezone: z.string(),
  deliverAt: z.string(),
  days: z.custom<number>().transform(formatDays).pipe(z.string().describe(DAYS)),
  topics: z.array(z.string()).readonly().describe(TOPICS),
  picks: z.number().int().nullable(),
  consent: z.string(),
  createdAt: moment,
});

export const paper = z.object({
  id: z.string(),
  title: z.string(),
  abstract: z.string(),
  authors: z.array(z.string()).readonly(),
  categories: z.array(z.string()).readonly(),
  links: z.record(z.string(), z.string()),
  sources: z.array(z.string()).readonly(),
  day: z.string(),
});
export const foundPapers = z.object({ total: z.number().int(), papers: z.array(paper) });

export const issueLine = z.object({
  kind: z.enum(['daily', 'weekly']),
  date: z.string(),
  state: z.string(),
  number: z.number().nullable(),
  subject: z.string(),
  reason: z.string(),
});
const line = z
  .object({
    text: z.string(),
    origin: oneOf(['source', 'extract']),
    by: z.string().describe('Who wrote it; empty for the words of the abstract.'),
  })
  .describe('What the paper does, in one or two sentences.');
const pick = paper.extend({
  score: z.number(),
  reasons: z.array(z.string()).readonly(),
  line: line.nullable(),
});
export const issue = issueLine.extend({ preheader: z.string(), frozenAt: moment, papers: z.array(pick) });

export const delivery = z.object({
  subscriberId: z.number().int(),
  address: z.string(),
  state: oneOf(DELIVERY_STATES),
  reason: z.string(),
  reply: z.string(),
  attempts: z.number().int(),
  dueAt: moment,
  settledAt: moment,
});

export const done = z.object({ ok: z.boolean() });
