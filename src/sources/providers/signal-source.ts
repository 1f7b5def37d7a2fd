import type { PaperIds, PaperSignal } from '../../domain/entry.ts';
import type { SourceSpec } from '../../domain/source.ts';
import type { Clock } from '../../domain/time.ts';
import type { Read } from '../http/polite-reader.ts';
import type { Parse } from './parse.ts';

/** A paper that other sources brought, of which a signal is wanted. */
export type SignalTarget = {
  /** The canonical id, `arxiv:2510.01234`. */
  readonly paperId: string;
  readonly ids: PaperIds;
  readonly title: string;
  /** The address of its code. */
  readonly code?: string;
};

/** What could be read, and one line for each thing that could not. A paper of which nothing is known has no signal. */
type SignalReading = {
  readonly signals: readonly PaperSignal[];
  readonly problems: readonly string[];
};

/**
 * One kind of source of signals. When its time is over `read` throws, and what was read until then can still be
 * given. It throws when nothing could be read, with a message that says why.
 */
export type SignalSource = (asked: {
  readonly spec: SourceSpec;
  readonly read: Read;
  readonly parse: Parse;
  readonly clock: Clock;
  /** Best first: where a provider's limit allows only some, those are read. */
  readonly targets: readonly SignalTarget[];
  /** The provider's access token. */
  readonly token?: string;
}) => Promise<SignalReading>;
