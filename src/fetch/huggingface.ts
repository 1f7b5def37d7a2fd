import * as z from 'zod';
import { addDays, type Day, parseDay, startOfDayUtc } from '../domain/day.ts';
import type { Entry, PaperLinks, Signal, SignalName } from '../domain/entry.ts';
import { DAY } from '../domain/time.ts';
import { cleanAbstract, cleanName, cleanTitle } from './clean-text.ts';
import { feedDate } from './dates.ts';
import { arxivId } from './identifiers.ts';
import { webLink } from './links.ts';
import { cleanNames } from './names.ts';
import type { Origin, Reading } from './source.ts';

const text = z.string().optional().catch(undefined);
const count = z.number().int().nonnegative().max(1e9).optional().catch(undefined);

/** Only the id and a title are asked for: the meaning of the rest has changed before and will again. */
const LISTED = z.object({
  title: text,
  summary: text,
  numComments: count,
  organization: z.object({ fullname: text, name: text }).optional().catch(undefined),
  paper: z.object({
    id: z.string().regex(/^[\w./-]{1,64}$/),
    title: text,
    summary: text,
    authors: z.array(z.object({ name: text }).catch({ name: undefined })).catch([]),
    publishedAt: text,
    submittedOnDailyAt: text,
    upvotes: count,
    githubRepo: text,
    githubStars: count,
    projectPage: text,
    organization: z.object({ fullname: text, name: text }).optional().catch(undefined),
  }),
});

type Listed = z.infer<typeof LISTED>;

/** An answer that is not a list of papers; the message says what it is. */
export class NotAList extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotAList';
  }
}

/**
 * Reads one page of `api/daily_papers`. Votes come from `paper.upvotes` alone, and one that is missing is
 * unknown, not zero.
 * @param day the day that was asked for
 * @throws NotAList
 */
export function parseHuggingFace(json: string, day: Day, origin: Origin): Reading {
  const entries = new Map<string, Entry>();
  const problems: string[] = [];
  for (const [index, value] of listIn(json).entries()) {
    const parsed = LISTED.safeParse(value);
    const entry = parsed.success ? entryOf(parsed.data, day, origin) : 'expected a paper with an id';
    if (typeof entry === 'string') problems.push(`item ${index + 1}: ${entry}`);
    else if (!entries.has(entry.key)) entries.set(entry.key, entry);
  }
  return { entries: [...entries.values()], problems };
}

function listIn(json: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new NotAList(`expected a list of papers, got what is not JSON: ${brief(json)}`);
  }
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) {
    throw new NotAList(`expected a list of papers, got ${value === null ? 'null' : `a ${typeof value}`}`);
  }
  const { status, error, message } = value as Record<string, unknown>;
  if (status === 'no_data') return [];
  const said = [error, message].find((part) => typeof part === 'string');
  throw new NotAList(`expected a list of papers, got an object${said ? `: ${brief(said)}` : ''}`);
}

function brief(words: string): string {
  return cleanName(words.slice(0, 120));
}

function entryOf(listed: Listed, day: Day, origin: Origin): Entry | string {
  const { paper } = listed;
  const arxiv = arxivId(paper.id);
  const key = arxiv ?? paper.id;
  const title = cleanTitle(paper.title ?? '') || cleanTitle(listed.title ?? '');
  if (title === '') return `${key} has no title`;
  const listedOn = submittedDay(paper.submittedOnDailyAt, origin) ?? day;
  const published = feedDate(paper.publishedAt, origin.seenAt)?.at;
  const known = published !== undefined && published < startOfDayUtc(addDays(listedOn, 1)) + DAY;
  const organization = cleanName(organizationOf(listed));
  return {
    source: origin.source,
    key,
    ids: arxiv === undefined ? {} : { arxiv },
    title,
    abstract: cleanAbstract(paper.summary ?? '') || cleanAbstract(listed.summary ?? ''),
    authors: cleanNames(paper.authors.map(({ name }) => name ?? '')),
    links: linksOf(paper, key, arxiv),
    categories: [],
    ...(organization === '' ? {} : { organization }),
    listedOn,
    ...(known ? { publishedAt: published } : {}),
    signals: signalsOf(listed, origin),
  };
}

function submittedDay(at: string | undefined, origin: Origin): Day | undefined {
  return at !== undefined && feedDate(at, origin.seenAt) ? parseDay(at.slice(0, 10)) : undefined;
}

function organizationOf({ organization, paper }: Listed): string {
  const { fullname, name } = organization ?? paper.organization ?? {};
  return fullname || name || '';
}

function linksOf(paper: Listed['paper'], key: string, arxiv: string | undefined): PaperLinks {
  const code = webLink(paper.githubRepo);
  const project = webLink(paper.projectPage);
  return {
    ...(arxiv === undefined
      ? {}
      : { abstract: `https://arxiv.org/abs/${arxiv}`, pdf: `https://arxiv.org/pdf/${arxiv}` }),
    ...(code === undefined ? {} : { code }),
    ...(project === undefined ? {} : { project }),
    discussion: `https://huggingface.co/papers/${key}`,
  };
}

function signalsOf({ numComments, paper }: Listed, { seenAt }: Origin): Signal[] {
  const read: [SignalName, number | undefined][] = [
    ['upvotes', paper.upvotes],
    ['comments', numComments],
    ['stars', paper.githubStars],
  ];
  return read.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value, seenAt }]));
}
