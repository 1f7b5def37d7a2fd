import type { Core } from '../core.ts';
import { WINDOW_DAYS } from '../domain/candidates.ts';
import { addDays, dayAt, daysBetween } from '../domain/day.ts';
import { Fault } from '../domain/fault.ts';
import { isSignalKind, type SourceResult, type SourceSpec } from '../domain/source.ts';
import { parseSourceList, shownSource } from '../domain/source-list.ts';
import { type Fetching, fetchSources } from './fetch-sources.ts';
import { storedPoliteness } from './http/stored-politeness.ts';

/**
 * Tries one source without keeping anything. A bare address is tried as RSS or Atom, then as a JSON Feed.
 * @param text an address, or a source as in SOURCES
 * @throws Fault USAGE when it is neither
 */
export async function checkSource(
  core: Core,
  fetching: Fetching,
  text: string,
  signal: AbortSignal,
): Promise<SourceResult> {
  const isAddress = /^https?:\/\//i.test(text);
  const first = await tryOnce(core, fetching, specOf(isAddress ? `rss:${text}` : text), signal);
  if (!isAddress || !first.failed) return first;
  const second = await tryOnce(core, fetching, specOf(`jsonfeed:${text}`), signal);
  return second.failed ? first : second;
}

function specOf(text: string): SourceSpec {
  const { specs, problems } = parseSourceList(text);
  const [spec] = specs;
  if (spec === undefined || specs.length > 1 || problems.length > 0) {
    throw new Fault(
      'USAGE',
      `Expected one source: ${problems.join('; ') || shownSource(text)}`,
      'docs/sources.md shows each kind.',
    );
  }
  if (!isSignalKind(spec.kind)) return spec;
  throw new Fault(
    'USAGE',
    `${spec.kind} provides signals about papers, not papers.`,
    'Add it to SOURCES and run "offprint fetch".',
  );
}

/** Asks whole: what was remembered of the address is not sent. Lanes and hosts that rest are kept to. */
async function tryOnce(
  { clock, after, store, config }: Core,
  fetching: Fetching,
  spec: SourceSpec,
  signal: AbortSignal,
): Promise<SourceResult> {
  const today = dayAt(clock(), 'UTC');
  const days = daysBetween(addDays(today, -WINDOW_DAYS), addDays(today, -1));
  const politeness = { ...storedPoliteness(store.db), recall: async () => undefined };
  const [result] = await fetchSources([spec], {
    ...fetching,
    clock,
    after,
    politeness,
    days,
    signal,
    keys: config,
  });
  if (result === undefined) throw new Error('a source gave no result');
  return result;
}
