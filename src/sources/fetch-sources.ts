import type { Day } from '../domain/day.ts';
import { messageOf } from '../domain/failure.ts';
import { LIKED, type PaperKind, type SourceResult, type SourceSpec } from '../domain/source.ts';
import type { Wait } from '../domain/time.ts';
import { type After, type Clock, SECOND } from '../domain/time.ts';
import { within } from './http/deadline.ts';
import type { Http } from './http/http.ts';
import { politeFetcher, type Read } from './http/polite-reader.ts';
import { type Lane, type Politeness, Unchanged, type Validators } from './http/politeness.ts';
import { likedPapers } from './liked-papers.ts';
import { arxiv } from './providers/arxiv.ts';
import { biorxiv, medrxiv } from './providers/biorxiv.ts';
import { credentialsOf, type ProviderKeys } from './providers/credentials.ts';
import { huggingface } from './providers/huggingface-days.ts';
import { jsonfeed } from './providers/jsonfeed.ts';
import { openalex } from './providers/openalex.ts';
import type { ParseUntil } from './providers/parse.ts';
import { pubmed } from './providers/pubmed.ts';
import { rss } from './providers/rss.ts';
import { semanticscholar } from './providers/semanticscholar.ts';
import type { Source } from './providers/source.ts';

/** Every kind of source: a new one is a file and a line here (and its name in `domain/source.ts`). */
const SOURCES: { readonly [kind in PaperKind]: Source } = {
  huggingface,
  arxiv,
  biorxiv,
  medrxiv,
  pubmed,
  semanticscholar,
  openalex,
  rss,
  jsonfeed,
};

/** For one source in one run, retries included. */
const SOURCE_LIMIT_MS = 60 * SECOND;

/** Providers that ask for one request at a time. */
const LANES: { readonly [kind in PaperKind]?: Lane } = {
  arxiv: { name: 'arxiv', spacingMs: 3 * SECOND },
  semanticscholar: { name: 'semanticscholar', spacingMs: SECOND },
};

/** What reading from other sites takes. */
export type Fetching = {
  readonly http: Http;
  readonly wait: Wait;
  readonly parseUntil: ParseUntil;
};

export type FetchOptions = Fetching & {
  readonly politeness: Politeness;
  readonly clock: Clock;
  readonly after: After;
  /** The days whose Hugging Face lists are asked for, oldest first. */
  readonly days: readonly Day[];
  readonly signal: AbortSignal;
  readonly keys?: ProviderKeys;
  readonly limitMs?: number;
};

/**
 * Reads all the sources at once, and does something with each result as it comes; then the result is forgotten, since
 * together they may be large. Whatever happens in one source is that source's result. After `signal` the unfinished
 * ones have failed as stopped.
 * @returns what was made of the results, in the order of the specs
 * @throws what `use` throws, when all have ended
 */
export async function fetchEach<Made>(
  specs: readonly SourceSpec[],
  options: FetchOptions,
  use: (result: SourceResult) => Promise<Made>,
): Promise<Made[]> {
  const all = await Promise.allSettled(specs.map(async (spec) => use(await fetchSource(spec, options))));
  return all.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

/** The results of all the sources, in the order of the specs. Never rejects. */
export function fetchSources(specs: readonly SourceSpec[], options: FetchOptions): Promise<SourceResult[]> {
  return fetchEach(specs, options, async (result) => result);
}

/**
 * Asks arXiv for papers by their ids, at most a hundred, with the manners of any other source.
 * @param base asked in place of arXiv
 */
export function fetchLiked(
  ids: readonly string[],
  base: string | undefined,
  options: FetchOptions,
): Promise<SourceResult> {
  const spec: SourceSpec = { name: LIKED, kind: 'arxiv', argument: '', ...(base !== undefined && { base }) };
  return fetchSource(spec, options, likedPapers(ids));
}

async function fetchSource(
  spec: SourceSpec,
  options: FetchOptions,
  source: Source = SOURCES[spec.kind as PaperKind],
): Promise<SourceResult> {
  const { http, parseUntil, politeness, clock, after, days, wait, limitMs = SOURCE_LIMIT_MS } = options;
  const startedAt = clock();
  const validators: Validators[] = [];
  let bytes = 0;
  let whole = true;
  const end = () => ({ spec, bytes, startedAt, durationMs: clock() - startedAt });
  const nothing = { entries: [], validators: [], unchanged: false };
  const lane = LANES[spec.kind as PaperKind];
  try {
    const reading = await within({ after, limitMs }, options.signal, (signal) => {
      const onValidators = (seen: Validators) => validators.push(seen);
      const credentials = credentialsOf(spec, options.keys);
      const own = {
        source: spec.name,
        lane,
        signal,
        credentials,
        deadline: startedAt + limitMs,
        onValidators,
      };
      const patient = politeFetcher({ http, politeness, wait, clock, ...own });
      const read: Read = async (...asked) => {
        const reply = await patient(...asked).catch((error) => {
          whole &&= error instanceof Unchanged;
          throw error;
        });
        bytes += reply.body.length;
        return reply;
      };
      return source({ spec, read, parse: parseUntil(signal), clock, after, days });
    });
    // What could not be read would not be asked for again beside what has not changed.
    return { ...reading, unchanged: false, validators: whole ? validators : [], failed: false, ...end() };
  } catch (error) {
    if (error instanceof Unchanged)
      return { ...nothing, unchanged: true, problems: [], failed: false, ...end() };
    const reason = options.signal.aborted ? 'stopped before its end' : messageOf(error);
    return { ...nothing, problems: [reason], failed: true, ...end() };
  }
}
