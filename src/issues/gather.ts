import type { Core } from '../core.ts';
import { firstDayOf } from '../domain/candidates.ts';
import { addDays, type Day, daysBetween } from '../domain/day.ts';
import { isSignalKind, type SourceOutcome, type SourceResult } from '../domain/source.ts';
import { DAY, type Instant } from '../domain/time.ts';
import { reportAside } from '../ledger/set-aside.ts';
import { fetchUnknownLikes } from '../papers/likes.ts';
import { mergePapers } from '../papers/merge-papers.ts';
import { saveSignalsOf } from '../papers/paper-signals.ts';
import { type FeaturesOf, renewFeatures, withFeatures } from '../papers/text-features.ts';
import { type Kept, MOST_NEW_A_DAY, saveEntries } from '../sources/entries-table.ts';
import { type Fetching, fetchEach } from '../sources/fetch-sources.ts';
import { forgetAddresses, saveAddresses } from '../sources/http/politeness-table.ts';
import { storedPoliteness } from '../sources/http/stored-politeness.ts';
import { type Reading, type ReadOptions, reasonOf, saveReading } from '../sources/source-runs.ts';
import { lastReading, type SourceRun } from '../sources/source-runs-table.ts';
import { readSignals } from './gather-signals.ts';

/** How long an address that nobody asks for any more is remembered. */
const ADDRESS_MEMORY = 30 * DAY;

/** What reading the sources of an issue takes. */
export type Gathering = Fetching & { readonly featuresOf: FeaturesOf };

/** Reads every configured source and keeps what they gave, and how it went: papers first, then their signals. */
export async function readSources(
  core: Core,
  gathering: Gathering,
  options: ReadOptions,
): Promise<Reading[]> {
  const { clock, after, config, store } = core;
  const days = daysBetween(firstDayOf(options.date), addDays(options.date, -1));
  const politeness = storedPoliteness(store.db);
  const specs = config.SOURCES.filter((spec) => !isSignalKind(spec.kind));
  const { signal } = options;
  const { http, wait, parseUntil, featuresOf } = gathering;
  const asked = { http, wait, parseUntil, politeness, clock, after, days, signal, keys: config };
  const readings = await fetchEach(specs, asked, (result) => {
    signal.throwIfAborted();
    return keepAndTell(core, featuresOf, result, options);
  });
  signal.throwIfAborted();
  await forgetAddresses(store.db, clock() - ADDRESS_MEMORY);
  const { setAside } = await mergePapers(store.db, options.signal);
  await reportAside(core, setAside);
  await renewFeatures(core, featuresOf, specs, options.date);
  const signals = await readSignals(core, gathering, options);
  const liked = await fetchUnknownLikes(core, gathering, options);
  if (liked !== undefined) await keep(core, featuresOf, liked, options.seenAt);
  return [...readings, ...signals];
}

async function keepAndTell(
  core: Core,
  featuresOf: FeaturesOf,
  result: SourceResult,
  options: ReadOptions,
): Promise<Reading> {
  const reading = await keep(core, featuresOf, result, options.seenAt);
  options.onReading?.(reading);
  return reading;
}

/** Validators are kept last: a crash before that reads the same again, and loses nothing. */
async function keep(
  core: Core,
  featuresOf: FeaturesOf,
  result: SourceResult,
  seenAt: Instant,
): Promise<Reading> {
  const { db } = core.store;
  const source = result.spec.name;
  const before = await lastReading(db, source);
  const entries = await withFeatures(core, featuresOf, result.entries);
  const kept = await saveEntries(db, entries, seenAt, { isFirstReading: before === undefined });
  const { problems, validators } = kept.refused > 0 ? tooManyNew(result, kept) : result;
  await saveSignalsOf(db, result.entries);
  await saveAddresses(db, source, validators, core.clock());
  // Runs without a batch do not make the next one forget which was the last.
  const batchOn = result.batchOn ?? before?.batchOn ?? undefined;
  // What has not changed has the problems that it had.
  const reason = result.unchanged ? (before?.reason ?? '') : reasonOf(problems, remarksOn(result, kept));
  const run: SourceRun = {
    source,
    at: result.startedAt,
    outcome: outcomeOf({ ...result, problems }, kept, before),
    items: result.unchanged ? (before?.items ?? 0) : result.entries.length,
    reason,
    bytes: result.bytes,
    durationMs: result.durationMs,
    ...(batchOn !== undefined && { batchOn }),
  };
  return saveReading(core, run, kept.added);
}

/** What the report says beside the problems: it is as it should be. */
function remarksOn({ notices = 0 }: SourceResult, { backlog }: Kept): string[] {
  return [
    ...(notices > 0 ? [`notices left out: ${notices} (corrections, tables of contents and the like)`] : []),
    ...(backlog > 0 ? [`undated items of the first reading that count as old: ${backlog}`] : []),
  ];
}

/** What was left out is wanted again, so the source is read whole the next time. */
function tooManyNew(
  { problems }: SourceResult,
  { refused }: Kept,
): Pick<SourceResult, 'problems' | 'validators'> {
  const problem = `only ${MOST_NEW_A_DAY} new papers are kept in a day, and ${refused} more came`;
  return { problems: [...problems, problem], validators: [] };
}

function outcomeOf(
  result: SourceResult,
  { added, redated }: Kept,
  before: { readonly outcome: SourceOutcome; readonly batchOn: Day | null } | undefined,
): SourceOutcome {
  const { entries, batchOn } = result;
  const lastBatch = before?.batchOn ?? undefined;
  if (result.failed) return 'failed';
  if (result.problems.length > 0) return 'partial';
  if (result.unchanged) return before?.outcome === 'partial' ? 'partial' : 'unchanged';
  if (entries.length === 0) return 'quiet';
  if (added > 0) return 'new';
  const newlyDated = batchOn !== undefined && lastBatch !== undefined && batchOn > lastBatch;
  return newlyDated || redated === entries.length ? 'stale' : 'unchanged';
}
