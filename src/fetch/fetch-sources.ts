import type { Day } from '../domain/day.ts';
import type { SourceKind, SourceResult, SourceSpec } from '../domain/source.ts';
import { type Clock, SECOND } from '../domain/time.ts';
import { arxiv } from './arxiv.ts';
import { within } from './deadline.ts';
import type { Http } from './http.ts';
import { huggingface } from './huggingface-days.ts';
import { patientReader, type Read, type Wait } from './patient-reader.ts';
import { rss } from './rss.ts';
import type { Source } from './source.ts';

/** Every kind of source: a new one is a file and a line here (and its name in `domain/source.ts`). */
const SOURCES: { readonly [kind in SourceKind]: Source } = { huggingface, arxiv, rss };

/** For one source in one run, retries included. */
const SOURCE_LIMIT_MS = 60 * SECOND;

export type FetchOptions = {
  readonly http: Http;
  readonly clock: Clock;
  /** The days whose Hugging Face lists are asked for, oldest first. */
  readonly days: readonly Day[];
  readonly signal: AbortSignal;
  readonly wait: Wait;
  /** Called with each result as it comes, for a progress display. */
  readonly onResult?: (result: SourceResult) => void;
  readonly limitMs?: number;
};

/**
 * Reads all the sources at once. Never rejects: whatever happens in one source is that source's result, so the
 * results are as many as the specs and in their order. After `signal` the unfinished ones have failed as stopped.
 */
export function fetchSources(specs: readonly SourceSpec[], options: FetchOptions): Promise<SourceResult[]> {
  return Promise.all(
    specs.map(async (spec) => {
      const result = await fetchSource(spec, options);
      options.onResult?.(result);
      return result;
    }),
  );
}

async function fetchSource(spec: SourceSpec, options: FetchOptions): Promise<SourceResult> {
  const { http, clock, days, wait, limitMs = SOURCE_LIMIT_MS } = options;
  const startedAt = clock();
  let bytes = 0;
  const end = () => ({ spec, bytes, startedAt, durationMs: clock() - startedAt });
  try {
    const reading = await within(limitMs, options.signal, (signal) => {
      const patient = patientReader({ http, wait, clock, signal, deadline: startedAt + limitMs });
      const read: Read = async (url, accept) => {
        const reply = await patient(url, accept);
        bytes += reply.body.length;
        return reply;
      };
      return SOURCES[spec.kind]({ spec, read, clock, days });
    });
    return { ...reading, failed: false, ...end() };
  } catch (error) {
    const reason = options.signal.aborted ? 'stopped before its end' : reasonOf(error);
    return { entries: [], problems: [reason], failed: true, ...end() };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
