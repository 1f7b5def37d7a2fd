import type { Day } from './day.ts';
import type { SourceSummary } from './summary.ts';
import type { Instant } from './time.ts';

/** What a crowd says of a paper. An unknown value is absent; 0 is a value that was read. */
export type SignalName = 'upvotes' | 'comments' | 'stars' | 'points';

export type Signal = {
  readonly name: SignalName;
  readonly value: number;
  /** When the value was read from the source. */
  readonly seenAt: Instant;
};

/** A signal that a source gives of a paper which it does not bring itself. */
export type PaperSignal = Signal & {
  /** The canonical id, `arxiv:2510.01234`. */
  readonly paperId: string;
  /** The source that read it: `hackernews`. */
  readonly source: string;
};

/** Identifiers in their bare forms: `2510.01234` (no version), `10.1000/xyz`, in lower case. */
export type PaperIds = {
  readonly arxiv?: string;
  readonly doi?: string;
  readonly pubmed?: string;
};

/** Absolute http(s) addresses only. */
export type PaperLinks = {
  readonly abstract?: string;
  /** Where the journal has a paper whose preprint `abstract` leads to. */
  readonly journal?: string;
  readonly pdf?: string;
  readonly code?: string;
  readonly project?: string;
  readonly discussion?: string;
};

/** One item as one source gave it, its text cleaned: plain Unicode, no markup, no line breaks. */
export type Entry = {
  /** The source as configured, without its address: `huggingface`, `arxiv:cs.CL+cs.LG`. */
  readonly source: string;
  /** What this source calls the item; the same item has the same key at every fetch. */
  readonly key: string;
  readonly ids: PaperIds;
  readonly title: string;
  /** Empty when the source gives none. */
  readonly abstract: string;
  /** What the source itself says that the paper does. */
  readonly summary?: SourceSummary;
  readonly authors: readonly string[];
  readonly links: PaperLinks;
  /** arXiv categories or the feed's own, the primary one first. */
  readonly categories: readonly string[];
  readonly organization?: string;
  /** Addresses of pictures of it, the best first. They are copied by us, never shown from there. */
  readonly figures?: readonly string[];
  /** Whether its authors put up pictures or films beside it; absent where the source does not say. */
  readonly hasMedia?: boolean;
  /** The day on whose list the source has it. Absent when the source does not say. */
  readonly listedOn?: Day;
  /** The moment at which that list took it, where the source gives one. */
  readonly listedAt?: Instant;
  /** When the paper was published or submitted, as far as the source knows. */
  readonly publishedAt?: Instant;
  readonly signals: readonly Signal[];
  /** Made by the ranking from title and abstract, once; sources leave it out. */
  readonly features?: PaperFeatures;
};

/** What the ranking needs of a paper's text, in place of the text. */
export type PaperFeatures = {
  /** Which learned numbers made it: with others it is computed anew. */
  readonly model: string;
  /** What title and abstract add to the expected ln(1 + upvotes). */
  readonly text: number;
  /** The weights of its words, packed: what likeness of papers and subscribers' interests are measured by. */
  readonly vector: string;
};

/** In characters, roughly: what reading and writing it costs. */
export function entrySize({ abstract, authors, features, summary }: Entry): number {
  const names = authors.reduce((sum, name) => sum + name.length + 3, 0);
  return 1000 + abstract.length + names + (features?.vector.length ?? 0) + (summary?.text.length ?? 0);
}

/** An entry with the moment our database first saw its key from its source. */
export type SeenEntry = Entry & { readonly firstSeenAt: Instant };
