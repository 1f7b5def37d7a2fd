import * as z from 'zod';
import { arxivId } from '../../domain/arxiv-id.ts';
import { addDays, type Day, parseDay, startOfDayUtc } from '../../domain/day.ts';
import type { Entry, PaperLinks, Signal, SignalName } from '../../domain/entry.ts';
import { DAY, HOUR } from '../../domain/time.ts';
import { cleanAbstract, cleanName, cleanSummary, cleanTitle } from '../text/clean-text.ts';
import { feedDate } from '../text/dates.ts';
import { jsonList, namedList, optionalCount, optionalText } from '../text/json.ts';
import { cleanNames } from '../text/names.ts';
import { paperLinks, webLink } from '../text/web-links.ts';
import { readItems } from './read-items.ts';
import type { Origin, Reading } from './source.ts';

/** Only the id and a title are asked for: the meaning of the rest has changed before and will again. */
const LISTED = z.object({
  title: optionalText,
  summary: optionalText,
  numComments: optionalCount,
  thumbnail: optionalText,
  organization: z.object({ fullname: optionalText, name: optionalText }).optional().catch(undefined),
  paper: z.object({
    id: z.string().regex(/^[\w./-]{1,64}$/),
    title: optionalText,
    summary: optionalText,
    authors: namedList,
    publishedAt: optionalText,
    submittedOnDailyAt: optionalText,
    upvotes: optionalCount,
    githubRepo: optionalText,
    githubStars: optionalCount,
    projectPage: optionalText,
    ai_summary: optionalText,
    mediaUrls: z.array(optionalText).optional().catch(undefined),
    organization: z.object({ fullname: optionalText, name: optionalText }).optional().catch(undefined),
  }),
});

/** By how much a listing moment that only copies the paper's date is before it, at most. */
const COPIED = 5 * HOUR;

/** Of what authors add to their paper, films are left out. */
const PICTURE = /\.(png|jpe?g|webp|gif)$/i;

type Listed = z.infer<typeof LISTED>;

/**
 * Reads one page of `api/daily_papers`. Votes come from `paper.upvotes` alone, and one that is missing is
 * unknown, not zero.
 * @param day the day that was asked for
 * @throws NotAList
 */
export function parseHuggingFace(json: string, day: Day, origin: Origin): Reading {
  const list = jsonList(json, { isQuiet: ({ status }) => status === 'no_data' });
  return readItems(list, (value) => {
    const parsed = LISTED.safeParse(value);
    return parsed.success ? entryOf(parsed.data, day, origin) : 'expected a paper with an id';
  });
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
  const listedAt = submittedMoment(paper.submittedOnDailyAt, listedOn, published, origin);
  const organization = cleanName(organizationOf(listed));
  return {
    source: origin.source,
    key,
    ids: arxiv === undefined ? {} : { arxiv },
    title,
    abstract: cleanAbstract(paper.summary ?? '') || cleanAbstract(listed.summary ?? ''),
    ...summaryOf(paper),
    authors: cleanNames(paper.authors.map(({ name }) => name ?? '')),
    links: linksOf(paper, key, arxiv),
    categories: [],
    ...(organization === '' ? {} : { organization }),
    ...figuresOf(listed),
    ...(paper.mediaUrls !== undefined && { hasMedia: paper.mediaUrls.length > 0 }),
    listedOn,
    ...(listedAt !== undefined && { listedAt }),
    ...(known ? { publishedAt: published } : {}),
    signals: signalsOf(listed, origin),
  };
}

function submittedDay(at: string | undefined, origin: Origin): Day | undefined {
  return at !== undefined && feedDate(at, origin.seenAt) ? parseDay(at.slice(0, 10)) : undefined;
}

/** Of some months the field is the paper's own date less 4 or 5 hours, and since May 2026 it has no time of day. */
function submittedMoment(
  text: string | undefined,
  listedOn: Day,
  published: number | undefined,
  origin: Origin,
): number | undefined {
  const at = feedDate(text, origin.seenAt)?.at;
  if (at === undefined || at % DAY === 0 || Math.abs(at - startOfDayUtc(listedOn)) > 2 * DAY)
    return undefined;
  const copied = published !== undefined && published > at && published - at <= COPIED;
  return copied ? undefined : at;
}

function organizationOf({ organization, paper }: Listed): string {
  const { fullname, name } = organization ?? paper.organization ?? {};
  return fullname || name || '';
}

function linksOf(paper: Listed['paper'], key: string, arxiv: string | undefined): PaperLinks {
  const code = webLink(paper.githubRepo);
  const project = webLink(paper.projectPage);
  return {
    ...(arxiv !== undefined && paperLinks({ arxiv })),
    ...(code === undefined ? {} : { code }),
    ...(project === undefined ? {} : { project }),
    discussion: `https://huggingface.co/papers/${key}`,
  };
}

/** Made by machine from the abstract, for nearly every paper since August 2025. */
function summaryOf({ ai_summary }: Listed['paper']): Pick<Entry, 'summary'> {
  const text = cleanSummary(ai_summary ?? '');
  return text === '' ? {} : { summary: { text, by: 'Hugging Face' } };
}

/** The first that its authors put up, else the card that the site makes for every paper. */
function figuresOf({ thumbnail, paper }: Listed): Pick<Entry, 'figures'> {
  const own = (paper.mediaUrls ?? []).find((url) => url !== undefined && PICTURE.test(url));
  const figures = [own, thumbnail].flatMap((url) => webLink(url) ?? []);
  return figures.length === 0 ? {} : { figures };
}

function signalsOf({ numComments, paper }: Listed, { seenAt }: Origin): Signal[] {
  const read: [SignalName, number | undefined][] = [
    ['upvotes', paper.upvotes],
    ['comments', numComments],
    ['stars', paper.githubStars],
  ];
  return read.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value, seenAt }]));
}
