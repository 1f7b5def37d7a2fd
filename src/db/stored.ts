import * as z from 'zod';
import type { Entry } from '../domain/entry.ts';
import type { Candidate, Issue } from '../domain/issue.ts';
import type { RankedPaper } from '../domain/paper.ts';
import type { Profile } from '../domain/subscriber.ts';
import { isInstant } from '../domain/time.ts';

/**
 * Values that rows hold as JSON, read back. A row may have been written by another version, another program or a failing
 * disk: what is not the value it should be reads as `undefined`, so that it is that row's trouble and nobody else's.
 */
type Read<Value> = (text: string | null) => Value | undefined;

const strings = z.array(z.string());
const addresses = z.record(z.string(), z.string());
const signals = z.record(z.string(), z.number());
/** A moment that calendars know. */
const instant = z.number().refine(isInstant);
const reason = z.union([
  z.string(),
  z.object({ key: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) }),
]);
const features = z.object({ model: z.string(), text: z.number(), vector: z.string() });

const work = {
  ids: addresses,
  title: z.string(),
  abstract: z.string(),
  authors: strings,
  links: addresses,
  categories: strings,
  organization: z.string().optional(),
  summary: z.object({ text: z.string(), by: z.string() }).optional(),
  figures: strings.optional(),
  hasMedia: z.boolean().optional(),
  listedAt: instant.optional(),
  publishedAt: instant.optional(),
  features: features.optional(),
};

const ENTRY = z.object({
  ...work,
  source: z.string(),
  key: z.string(),
  listedOn: z.iso.date().optional(),
  signals: z.array(z.object({ name: z.string(), value: z.number(), seenAt: instant })),
});

const CANDIDATE = z.object({
  paper: z.object({
    ...work,
    id: z.string(),
    aliases: strings,
    sources: strings,
    day: z.iso.date(),
    since: instant,
    firstSeenAt: instant,
    signals,
    earlier: signals.optional(),
  }),
  score: z.number(),
  reasons: z.array(reason),
  parts: signals.optional(),
});

const ISSUE = z.object({
  kind: z.enum(['daily', 'weekly']),
  date: z.iso.date(),
  number: z.number(),
  sample: z.boolean(),
  frozenAt: instant,
  subject: z.string(),
  preheader: z.string(),
  picks: z.array(CANDIDATE),
  noted: z.array(z.object({ id: z.string(), title: z.string(), url: z.string() })).optional(),
  thumbnails: addresses.optional(),
  considered: z.number(),
  hash: z.string(),
});

const PROFILE = z.object({
  topics: strings,
  count: z.number().int().positive().optional(),
  library: strings.optional(),
});

/** A text list: topics, authors, categories, sources. */
export const storedStrings: Read<string[]> = subscriber(strings);
/** Ids and links: texts by their names. */
export const storedAddresses: Read<Readonly<Record<string, string>>> = subscriber(addresses);
export const storedEntry: Read<Entry> = subscriber(ENTRY);
export const storedCandidate: Read<RankedPaper> = subscriber(CANDIDATE);
export const storedIssue: Read<Issue> = subscriber(ISSUE);
export const storedProfile: Read<Profile> = subscriber(PROFILE);
/** What an issue chose from, by id and score. */
export const storedChoice: Read<Candidate[]> = subscriber(
  z.array(z.object({ id: z.string(), score: z.number() })),
);
/** Any JSON. */
export const storedValue: Read<unknown> = subscriber(z.unknown());
/** What was let through and when: `[[moment, how many], …]`. */
export const storedLog: Read<[number, number][]> = subscriber(z.array(z.tuple([z.number(), z.number()])));

/** The value as it was parsed, also with what a later version may have added to it. */
function subscriber<Value>(shape: z.ZodType): Read<Value> {
  return (text) => {
    try {
      const value: unknown = JSON.parse(text ?? '');
      return shape.safeParse(value).success ? (value as Value) : undefined;
    } catch {
      return undefined;
    }
  };
}
