import type { Day } from './day.ts';
import type { Entry } from './entry.ts';
import type { Instant } from './time.ts';

/** One configured source: `arxiv:cs.CL+cs.LG@http://127.0.0.1:9001`. */
export type SourceSpec = {
  /** How it is shown and stored: the text without `@BASE`, options, user name and password. */
  readonly name: string;
  readonly kind: SourceKind;
  /** What stands between `KIND:` and `@`: categories, a feed's address; empty when there is none. */
  readonly argument: string;
  /** An http(s) origin (with a path, if any) to ask in place of the provider's own. */
  readonly base?: string;
  /** Sent with each request, with names in lower case. Secrets: nothing shows or stores them. */
  readonly headers?: { readonly [name: string]: string };
  /** What subscribers see in place of the name. */
  readonly label?: string;
  /** By what its papers' scores are multiplied; 1 when it is not set. */
  readonly weight?: number;
};

/** Names the papers that subscribers like and arXiv was asked for: a source that brings no candidates. */
export const LIKED = 'liked';

/** Sources that bring papers. */
const PAPER_KINDS = [
  'huggingface',
  'arxiv',
  'biorxiv',
  'medrxiv',
  'pubmed',
  'semanticscholar',
  'openalex',
  'rss',
  'jsonfeed',
] as const;

/** Sources that bring signals of papers which others have brought. */
const SIGNAL_KINDS = ['hackernews', 'github'] as const;

export type PaperKind = (typeof PAPER_KINDS)[number];
export type SignalKind = (typeof SIGNAL_KINDS)[number];
export type SourceKind = PaperKind | SignalKind;

export function isSignalKind(kind: SourceKind): kind is SignalKind {
  return (SIGNAL_KINDS as readonly SourceKind[]).includes(kind);
}

/**
 * How one fetch of one source ended. `new`: it gave entries never seen before; `unchanged`: only
 * known ones; `quiet`: a valid, empty feed; `stale`: the last batch again under a new date; `partial`: some items were unreadable; `failed`: nothing
 * could be read.
 */
export type SourceOutcome = 'new' | 'unchanged' | 'quiet' | 'stale' | 'partial' | 'failed';

/** What one source gave in one run. A source that fails gives no entries and a reason. */
export type SourceResult = {
  readonly spec: SourceSpec;
  readonly entries: readonly Entry[];
  /** One line per unreadable item, or the one failure; empty when all was well. */
  readonly problems: readonly string[];
  /** How many items were left out because they report no work of their own. */
  readonly notices?: number;
  readonly failed: boolean;
  /** Whether the provider said that nothing has changed since last time: then there are no entries either. */
  readonly unchanged: boolean;
  /** To be kept together with the entries, and sent next time. */
  readonly validators: readonly {
    readonly url: string;
    readonly etag?: string;
    readonly lastModified?: string;
  }[];
  /** The day that the whole batch says it is of, where a source gives batches. */
  readonly batchOn?: Day;
  /** Bytes received, decompressed. */
  readonly bytes: number;
  readonly startedAt: Instant;
  readonly durationMs: number;
};

/** A source's last fetch, and when it last did not fail. */
export type SourceStatus = {
  readonly name: string;
  readonly outcome: SourceOutcome;
  /** How many entries it gave. */
  readonly items: number;
  readonly reason: string;
  readonly at: Instant;
  readonly lastGood: Instant | null;
  /** How many runs in a row have ended like the last one. */
  readonly streak: number;
  /** Of the last run: bytes received, decompressed, and how long it took. */
  readonly bytes: number;
  readonly durationMs: number;
};
