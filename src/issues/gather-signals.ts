import type { Core } from '../core.ts';
import type { Paper } from '../domain/paper.ts';
import { isSignalKind, type SourceOutcome } from '../domain/source.ts';
import { fetchSignals, type SignalResult } from '../sources/fetch-signals.ts';
import type { Fetching } from '../sources/fetch-sources.ts';
import { storedPoliteness } from '../sources/http/stored-politeness.ts';
import type { SignalTarget } from '../sources/providers/signal-source.ts';
import { saveSignals } from '../sources/signals-table.ts';
import { type Reading, type ReadOptions, reasonOf, saveReading } from '../sources/source-runs.ts';
import { rankEdition } from './rank-edition.ts';

/** Of how many candidates, the best first, signals are read. */
const MOST_TARGETS = 500;

/** Asks the sources of signals about the papers that the issue may choose from. */
export async function readSignals(core: Core, fetching: Fetching, options: ReadOptions): Promise<Reading[]> {
  const specs = core.config.SOURCES.filter((spec) => isSignalKind(spec.kind));
  if (specs.length === 0) return [];
  const { ranked } = await rankEdition(core, {
    kind: 'daily',
    date: options.date,
    freezeAt: options.seenAt,
  });
  const { clock, after, store, config } = core;
  const results = await fetchSignals(specs, {
    http: fetching.http,
    wait: fetching.wait,
    parseUntil: fetching.parseUntil,
    clock,
    after,
    politeness: storedPoliteness(store.db),
    signal: options.signal,
    targets: ranked.slice(0, MOST_TARGETS).map(({ paper }) => targetOf(paper)),
    tokens: config.GITHUB_TOKEN === undefined ? {} : { github: config.GITHUB_TOKEN },
  });
  options.signal.throwIfAborted();
  const readings: Reading[] = [];
  for (const result of results) {
    const reading = await keep(core, result);
    readings.push(reading);
    options.onReading?.(reading);
  }
  return readings;
}

function targetOf({ id, ids, title, links }: Paper): SignalTarget {
  return { paperId: id, ids, title, ...(links.code && { code: links.code }) };
}

async function keep(core: Core, result: SignalResult): Promise<Reading> {
  const changed = await saveSignals(core.store.db, result.signals);
  const { spec, startedAt: at, bytes, durationMs } = result;
  const items = result.signals.length;
  const run = { source: spec.name, at, outcome: outcomeOf(result, changed), items, bytes, durationMs };
  return saveReading(core, { ...run, reason: reasonOf(result.problems) }, changed);
}

function outcomeOf({ failed, problems, signals }: SignalResult, changed: number): SourceOutcome {
  if (failed) return 'failed';
  if (problems.length > 0) return 'partial';
  if (signals.length === 0) return 'quiet';
  return changed > 0 ? 'new' : 'unchanged';
}
