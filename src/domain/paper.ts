import type { Day } from './day.ts';
import type { PaperFeatures, PaperIds, PaperLinks, SignalName } from './entry.ts';
import type { Reason } from './reason.ts';
import type { SourceSummary } from './summary.ts';
import type { Instant } from './time.ts';

/** One work, merged over all the entries that speak of it. */
export type Paper = {
  /** `arxiv:2510.01234`, otherwise `doi:10.…`, `pubmed:…` or `title:…@…` (its normalised title, and which link). */
  readonly id: string;
  /** Every id it is known by, the canonical one first; no issue repeats a paper under any of them. */
  readonly aliases: readonly string[];
  readonly ids: PaperIds;
  readonly title: string;
  readonly abstract: string;
  /** What a source says that it does, in the source's words. */
  readonly summary?: SourceSummary;
  readonly authors: readonly string[];
  readonly links: PaperLinks;
  readonly categories: readonly string[];
  readonly organization?: string;
  /** Addresses of pictures of it, the best first. */
  readonly figures?: readonly string[];
  /** Whether its authors put up pictures or films beside it, where a source says so. */
  readonly hasMedia?: boolean;
  /** Names of the sources that carry it. */
  readonly sources: readonly string[];
  /** The earliest listing day that a source gives, else the day it was first seen (UTC). */
  readonly day: Day;
  /** From which moment its age is counted: the publication, the start of its day, or first sight. */
  readonly since: Instant;
  readonly firstSeenAt: Instant;
  /** The moment at which a list took it, where one says so. */
  readonly listedAt?: Instant;
  readonly publishedAt?: Instant;
  /** The newest reading of each signal; a name that is absent is unknown, not zero. */
  readonly signals: Signals;
  /** The same signals as they stood about a day before. */
  readonly earlier?: Signals;
  /** What was computed of its text when it was fetched. */
  readonly features?: PaperFeatures;
};

export type Signals = { readonly [name in SignalName]?: number };

/** A paper with its place in the ranking and why. */
export type RankedPaper = {
  readonly paper: Paper;
  readonly score: number;
  readonly reasons: readonly Reason[];
  /** What made the score: they add up to its natural logarithm. */
  readonly parts?: ScoreParts;
};

/** Named numbers in units of ln(expected upvotes): `votes`, `content`, `age`, `growth`, `weight`… */
export type ScoreParts = { readonly [name: string]: number };
