import type { Day } from './day.ts';
import type { Paper } from './paper.ts';

/** A paper as stored permanently: everything its sources said about it, without the day's votes. */
export type KnownPaper = Pick<
  Paper,
  | 'id'
  | 'aliases'
  | 'ids'
  | 'title'
  | 'abstract'
  | 'authors'
  | 'links'
  | 'categories'
  | 'organization'
  | 'sources'
  | 'day'
  | 'firstSeenAt'
>;

/** A text in pieces, of which some are what was searched for. */
export type MarkedText = readonly { readonly text: string; readonly hit: boolean }[];

/** A paper that a search found. */
export type FoundPaper = {
  readonly paper: KnownPaper;
  /** The whole title. */
  readonly title: MarkedText;
  /** The part of the abstract that says most about the search. */
  readonly excerpt: MarkedText;
};

export type SearchResult = {
  readonly found: readonly FoundPaper[];
  /** How many there are, at most `MOST_FOUND`. */
  readonly total: number;
};

/** How many of the newest hits are counted and ranked; a search that finds more should be narrowed. */
export const MOST_FOUND = 5000;

/** An issue that a paper was a pick of. */
export type PaperIssue = { readonly date: Day; readonly subject: string };
