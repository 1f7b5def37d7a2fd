import type { PaperLinks } from '../domain/entry.ts';

/** What the prior reads of a paper: no votes, comments or stars, no names of people, and no times. */
export type Content = {
  readonly title: string;
  readonly abstract: string;
  readonly authors: readonly string[];
  readonly links: PaperLinks;
  readonly organization?: string;
  readonly hasMedia?: boolean;
};

/** Of the paper itself; a number that is not known is absent, and counts as an average one. */
export const CONTENT_FEATURES = [
  'authors',
  'title length',
  'abstract length',
  'code',
  'project page',
] as const;

/** What only a list of papers adds before anybody votes: 1 where it names one. Most lists name none, so 0 is not known. */
type ListingFeature = 'organization' | 'media';

export type FeatureName = (typeof CONTENT_FEATURES)[number] | ListingFeature;
export type Features = { readonly [name in FeatureName]?: number };

const LONGEST_ABSTRACT = 3000;
/** Nothing was learned of a collaboration of 3,000: it counts like the largest teams that were seen. */
const MOST_AUTHORS = 200;

export function featuresOf(content: Content): Features {
  const { title, abstract, authors, links, organization, hasMedia } = content;
  return {
    ...(authors.length > 0 && { authors: Math.log(Math.min(authors.length, MOST_AUTHORS)) }),
    'title length': title.length / 100,
    ...(abstract !== '' && { 'abstract length': Math.min(abstract.length, LONGEST_ABSTRACT) / 1000 }),
    code: Number(links.code !== undefined),
    'project page': Number(links.project !== undefined),
    ...(organization !== undefined && { organization: 1 }),
    ...(hasMedia && { media: 1 }),
  };
}
