import type { Day } from '../domain/day.ts';
import { addDays, daysBetween } from '../domain/day.ts';
import type { SourceOutcome, SourceResult, SourceStatus } from '../domain/source.ts';
import type { Instant } from '../domain/time.ts';
import { fetchSources } from '../fetch/fetch-sources.ts';
import { firstDayOf } from '../rank/candidates.ts';
import { keepEntries } from '../store/entries.ts';
import { keepRun } from '../store/source-runs.ts';
import type { App } from './wire.ts';

export type ReadOptions = {
  /** The issue that the reading is for: it decides which daily lists are asked for. */
  readonly date: Day;
  /** As when new entries count as first seen: now, or the freezing moment of an issue that is built late. */
  readonly seenAt: Instant;
  readonly signal: AbortSignal;
};

/** What one source's reading came to. */
export type Reading = Omit<SourceStatus, 'lastGood'> & {
  readonly added: number;
  readonly bytes: number;
  readonly durationMs: number;
};

/** Reads every configured source and keeps what they gave, and how it went. */
export async function readSources(app: App, options: ReadOptions): Promise<Reading[]> {
  const { http, clock, wait, config } = app;
  const days = daysBetween(firstDayOf(options.date), addDays(options.date, -1));
  const results = await fetchSources(config.SOURCES, { http, clock, wait, days, signal: options.signal });
  options.signal.throwIfAborted();
  const readings: Reading[] = [];
  for (const result of results) readings.push(await keep(app, result, options.seenAt));
  return readings;
}

async function keep(app: App, result: SourceResult, seenAt: Instant): Promise<Reading> {
  const { db } = app.store;
  const added = await keepEntries(db, result.entries, seenAt);
  const reading = {
    name: result.spec.name,
    outcome: outcomeOf(result, added),
    items: result.entries.length,
    reason: reasonOf(result.problems),
    at: result.startedAt,
    added,
    bytes: result.bytes,
    durationMs: result.durationMs,
  };
  const { name: source, added: _, ...run } = reading;
  await keepRun(db, { source, ...run });
  const level = reading.outcome === 'failed' ? 'warn' : 'info';
  app.log[level](
    { source, outcome: run.outcome, items: run.items, added, reason: run.reason || undefined },
    'source read',
  );
  return reading;
}

function outcomeOf(result: SourceResult, added: number): SourceOutcome {
  if (result.failed) return 'failed';
  if (result.problems.length > 0) return 'partial';
  if (result.entries.length === 0) return 'quiet';
  return added > 0 ? 'new' : 'unchanged';
}

function reasonOf(problems: readonly string[]): string {
  const shown = problems.slice(0, 3).join('; ');
  return problems.length > 3 ? `${shown}; and ${problems.length - 3} more` : shown;
}
