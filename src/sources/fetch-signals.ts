import type { PaperSignal } from '../domain/entry.ts';
import { messageOf } from '../domain/failure.ts';
import { isSignalKind, type SignalKind, type SourceSpec } from '../domain/source.ts';
import { type After, type Clock, type Instant, SECOND } from '../domain/time.ts';
import type { Fetching } from './fetch-sources.ts';
import { DeadlinePassed } from './http/deadline.ts';
import { politeFetcher, type Read } from './http/polite-reader.ts';
import type { Politeness } from './http/politeness.ts';
import { credentialsOf } from './providers/credentials.ts';
import { github } from './providers/github.ts';
import { hackernews } from './providers/hackernews.ts';
import type { SignalSource, SignalTarget } from './providers/signal-source.ts';

/** Every kind of source of signals: a new one is a file and a line here (and its name in `domain/source.ts`). */
const SOURCES: { readonly [kind in SignalKind]: SignalSource } = { hackernews, github };

/** For one source in one run, retries included. */
const SOURCE_LIMIT_MS = 60 * SECOND;

export type SignalOptions = Fetching & {
  readonly politeness: Politeness;
  readonly clock: Clock;
  readonly after: After;
  readonly signal: AbortSignal;
  /** The papers whose signals are wanted, best first. */
  readonly targets: readonly SignalTarget[];
  /** Access tokens of providers that take one. */
  readonly tokens?: { readonly [kind in SignalKind]?: string };
  /** Called with each result as it comes, for a progress display. */
  readonly onResult?: (result: SignalResult) => void;
  readonly limitMs?: number;
};

/** What one source of signals gave in one run. One that fails gives no signals and a reason. */
export type SignalResult = {
  readonly spec: SourceSpec;
  readonly signals: readonly PaperSignal[];
  /** One line for each thing that could not be read, or the one failure; empty when all was well. */
  readonly problems: readonly string[];
  readonly failed: boolean;
  /** Bytes received, decompressed. */
  readonly bytes: number;
  readonly startedAt: Instant;
  readonly durationMs: number;
};

/**
 * Asks all the sources of signals among the specs at once; the others are passed over. Never rejects: whatever
 * happens in one source is that source's result. After `signal` the unfinished ones end with what they have.
 */
export function fetchSignals(specs: readonly SourceSpec[], options: SignalOptions): Promise<SignalResult[]> {
  const asked = specs.flatMap((spec) => (isSignalKind(spec.kind) ? [{ spec, kind: spec.kind }] : []));
  return Promise.all(
    asked.map(async ({ spec, kind }) => {
      const result = await fetchSignal(spec, kind, options);
      options.onResult?.(result);
      return result;
    }),
  );
}

async function fetchSignal(
  spec: SourceSpec,
  kind: SignalKind,
  options: SignalOptions,
): Promise<SignalResult> {
  const { clock, targets, tokens, parseUntil, signal } = options;
  const startedAt = clock();
  const token = tokens?.[kind];
  let bytes = 0;
  const limited = limitedRead(spec, options, startedAt);
  const read: Read = async (...asked) => {
    const reply = await limited(...asked);
    bytes += reply.body.length;
    return reply;
  };
  const end = () => ({ spec, bytes, startedAt, durationMs: clock() - startedAt });
  try {
    const reading = await SOURCES[kind]({
      spec,
      read,
      parse: parseUntil(signal),
      clock,
      targets,
      ...(token && { token }),
    });
    return { ...reading, failed: false, ...end() };
  } catch (error) {
    const reason = options.signal.aborted ? 'stopped before its end' : messageOf(error);
    return { signals: [], problems: [reason], failed: true, ...end() };
  }
}

/**
 * A subscriber that throws from the end of the source's time on. The limit is on reading and not on the source, which
 * waits for nothing else and so ends then too, with what it has read so far.
 */
function limitedRead(spec: SourceSpec, options: SignalOptions, startedAt: Instant): Read {
  const { http, politeness, wait, clock, after, limitMs = SOURCE_LIMIT_MS } = options;
  const time = after(limitMs);
  const signal = AbortSignal.any([options.signal, time]);
  const credentials = credentialsOf(spec);
  const own = { source: spec.name, lane: undefined, signal, credentials, deadline: startedAt + limitMs };
  const patient = politeFetcher({ http, politeness, wait, clock, ...own });
  return async (...asked) => {
    try {
      return await patient(...asked);
    } catch (error) {
      throw time.aborted && !options.signal.aborted ? new DeadlinePassed(limitMs) : error;
    }
  };
}
