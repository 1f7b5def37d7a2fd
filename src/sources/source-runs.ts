import type { Core } from '../core.ts';
import type { Day } from '../domain/day.ts';
import { isSignalKind, type SourceStatus } from '../domain/source.ts';
import type { Instant } from '../domain/time.ts';
import { type SourceRun, saveSourceRun } from './source-runs-table.ts';

export type ReadOptions = {
  /** The issue that the reading is for: it decides which daily lists are asked for. */
  readonly date: Day;
  /** As when new entries count as first seen: now, or the freezing moment of an issue that is built late. */
  readonly seenAt: Instant;
  readonly signal: AbortSignal;
  /** Told each reading as it comes, for a progress display. */
  readonly onReading?: (reading: Reading) => void;
};

/** What one source's reading came to. */
export type Reading = Omit<SourceStatus, 'lastGood' | 'streak'> & {
  readonly added: number;
  readonly bytes: number;
  readonly durationMs: number;
};

/** Writes a run into the history and the log. */
export async function saveReading(core: Core, run: SourceRun, added: number): Promise<Reading> {
  await saveSourceRun(core.store.db, run);
  const { source: name, batchOn: _, ...rest } = run;
  const level = run.outcome === 'failed' || run.outcome === 'stale' ? 'warn' : 'info';
  const { outcome, items, reason } = run;
  core.log[level]({ source: name, outcome, items, added, reason: reason || undefined }, 'source read');
  return { name, added, ...rest };
}

/**
 * The line that reports on a reading.
 * @param remarks what is no problem
 */
export function reasonOf(problems: readonly string[], remarks: readonly string[] = []): string {
  const shown = problems.slice(0, 3);
  const more = problems.length > 3 ? [`and ${problems.length - 3} more`] : [];
  return [...shown, ...more, ...remarks].join('; ');
}

/** Without those of signals: a source that answers, but brings no papers, saves no issue. */
export function readingsOfPapers({ config }: Core, readings: readonly Reading[]): Reading[] {
  const signals = config.SOURCES.filter((spec) => isSignalKind(spec.kind)).map((spec) => spec.name);
  return readings.filter(({ name }) => !signals.includes(name));
}

/** Whether any source of papers could be read. */
export function anyAnswered(core: Core, readings: readonly Reading[]): boolean {
  return readingsOfPapers(core, readings).some((reading) => reading.outcome !== 'failed');
}
