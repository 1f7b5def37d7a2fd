import type { Entry } from './entry.ts';
import type { Instant } from './time.ts';

/** One configured source: `arxiv:cs.CL+cs.LG@http://127.0.0.1:9001`. */
export type SourceSpec = {
  /** How it is shown and stored: the text without `@BASE`. */
  readonly name: string;
  readonly kind: SourceKind;
  /** What stands between `KIND:` and `@`: categories, a feed's address; empty when there is none. */
  readonly argument: string;
  /** An http(s) origin (with a path, if any) to ask in place of the provider's own. */
  readonly base?: string;
};

export type SourceKind = 'huggingface' | 'arxiv' | 'rss';

/**
 * How one fetch of one source ended. `new`: it gave entries never seen before; `unchanged`: only
 * known ones; `quiet`: a valid, empty feed; `partial`: some items were unreadable; `failed`: nothing
 * could be read.
 */
export type SourceOutcome = 'new' | 'unchanged' | 'quiet' | 'partial' | 'failed';

/** What one source gave in one run. A source that fails gives no entries and a reason. */
export type SourceResult = {
  readonly spec: SourceSpec;
  readonly entries: readonly Entry[];
  /** One line per unreadable item, or the one failure; empty when all was well. */
  readonly problems: readonly string[];
  readonly failed: boolean;
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
};
