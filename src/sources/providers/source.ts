import type { Day } from '../../domain/day.ts';
import type { Entry } from '../../domain/entry.ts';
import type { SourceSpec } from '../../domain/source.ts';
import type { After, Clock, Instant } from '../../domain/time.ts';
import type { Read } from '../http/polite-reader.ts';
import type { Parse } from './parse.ts';

/** What a source gave: what could be read, and one line for each thing that could not. */
export type Reading = {
  readonly entries: readonly Entry[];
  readonly problems: readonly string[];
  /** How many items were left out because they report no work: corrections, retractions, tables of contents. */
  readonly notices?: number;
  /** The day that the whole batch says it is of, where the source gives batches. */
  readonly batchOn?: Day;
};

/** What a pure parse needs to know of where its text is from. */
export type Origin = {
  /** The source's name. */
  readonly source: string;
  readonly seenAt: Instant;
  /** The address of the text, for relative links. */
  readonly url?: string;
};

/** One kind of source. It throws when nothing could be read, with a message that says why. */
export type Source = (asked: {
  readonly spec: SourceSpec;
  readonly read: Read;
  readonly parse: Parse;
  readonly clock: Clock;
  readonly after: After;
  /** The days whose lists are wanted, oldest first; only for sources that keep lists by day. */
  readonly days: readonly Day[];
}) => Promise<Reading>;
