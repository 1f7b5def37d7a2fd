import { availableParallelism } from 'node:os';
import type { LimitedWork } from '../../app.ts';
import type { PaperFeatures } from '../../domain/entry.ts';
import { SECOND } from '../../domain/time.ts';
import type { LibraryReading } from '../../papers/library/read-library.ts';
import type { PaperText } from '../../papers/text-features.ts';
import type { RawAnswer } from '../../sources/providers/parse.ts';
import { ProcessLost } from './limited-process.ts';
import { ProcessPool } from './process-pool.ts';
import { programFile } from './program-file.ts';

/**
 * What the process is asked: to parse an answer, whose body comes with it, for the
 * features of texts, or to read an uploaded library, which comes as the body.
 */
export type FeedRequest =
  | (Pick<RawAnswer, 'headers'> & { readonly parser: string; readonly args: readonly unknown[] })
  | { readonly papers: readonly PaperText[] }
  | { readonly library: true };

/** 20 MB of ordinary papers take a fifth of the time and half of the memory. */
const LIMITS = { seconds: 15, heapMegabytes: 256, megabytes: 450 };

/**
 * Parsing and cleaning in processes of their own: whatever a feed does there, pages and mails continue, and exceeding a
 * limit makes the source fail.
 * @param program what runs there
 */
export function feedsApart(
  program = programFile('feed-process'),
): Pick<LimitedWork, 'parseUntil' | 'featuresOf' | 'readLibrary' | 'close'> {
  const pool = new ProcessPool<FeedRequest, Fields>({
    program,
    limits: LIMITS,
    most: Math.min(2, availableParallelism()),
    idleMs: 5 * SECOND,
    turnMs: 2 * SECOND,
  });
  const ask = async (request: FeedRequest, given: { bytes?: Uint8Array; signal?: AbortSignal } = {}) =>
    joined(await pool.ask(request, given).catch(explain));
  return {
    parseUntil:
      (signal) =>
      async (parser, { body, headers }, ...args) =>
        (await ask({ parser: parser.name, headers, args }, { bytes: body, signal })) as never,
    featuresOf: async (papers) => (await ask({ papers })).features as PaperFeatures[],
    readLibrary: async (bytes) => (await ask({ library: true }, { bytes })) as LibraryReading,
    close: () => pool.close(),
  };
}

function explain(error: unknown): never {
  if (!(error instanceof ProcessLost)) throw error;
  const { limit, message } = error;
  throw new Error(limit === undefined ? `the process that read it ${message}` : `reading it ${message}`);
}

type Fields = { readonly [name: string]: unknown };

/** Each part brings more values of a list. */
function joined(parts: readonly Fields[]): Fields {
  const whole: { [name: string]: unknown } = {};
  for (const [name, value] of parts.flatMap((part) => Object.entries(part))) {
    const known = whole[name];
    if (Array.isArray(known) && Array.isArray(value)) known.push(...value);
    else whole[name] = value;
  }
  return whole;
}
