import { type Day, startOfDayUtc } from '../domain/day.ts';
import type { PaperLinks } from '../domain/entry.ts';
import { DAY, HOUR, type Instant } from '../domain/time.ts';

/** What the prior reads of a paper: no votes, comments or stars, and no names of people. */
export type Content = {
  readonly title: string;
  readonly abstract: string;
  readonly authors: readonly string[];
  readonly links: PaperLinks;
  /** The day on whose list it is. */
  readonly day: Day;
  readonly publishedAt?: Instant;
};

/** Of the paper itself; a number that is not known is absent, and counts as an average one. */
export const CONTENT_FEATURES = [
  'authors',
  'authors²',
  'few authors',
  'title length',
  'abstract length',
  'code',
  'project page',
  'any link',
  'waited',
  'published before the deadline',
  'hour of publication',
] as const;

export type FeatureName = (typeof CONTENT_FEATURES)[number];
export type Features = { readonly [name in FeatureName]?: number };

/** arXiv's deadline is 14:00 in New York: papers sent in the hour before it were timed to head the list. */
const DEADLINE_HOUR_UTC = 17;

export function featuresOf(content: Content): Features {
  return { ...authorFeatures(content), ...textFeatures(content), ...timeFeatures(content) };
}

function authorFeatures({ authors }: Content): Features {
  if (authors.length === 0) return {};
  const log = Math.log(authors.length);
  return { authors: log, 'authors²': log * log, 'few authors': Number(authors.length <= 2) };
}

function textFeatures({ title, abstract, links }: Content): Features {
  const code = links.code !== undefined;
  const project = links.project !== undefined;
  return {
    'title length': title.length / 100,
    ...(abstract !== '' && { 'abstract length': Math.min(abstract.length, 3000) / 1000 }),
    code: Number(code),
    'project page': Number(project),
    'any link': Number(code || project),
  };
}

function timeFeatures({ day, publishedAt }: Content): Features {
  return publishedAt === undefined ? {} : publicationFeatures(startOfDayUtc(day), publishedAt);
}

function publicationFeatures(start: Instant, publishedAt: Instant): Features {
  const hour = (((publishedAt % DAY) + DAY) % DAY) / HOUR;
  return {
    waited: Math.log1p(Math.max(0, (start - publishedAt) / DAY)),
    'published before the deadline': Number(Math.floor(hour) === DEADLINE_HOUR_UTC),
    'hour of publication': Math.sin((2 * Math.PI * hour) / 24),
  };
}
