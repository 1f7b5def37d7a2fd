import type { Core } from '../core.ts';
import type { Db } from '../db/schema.ts';
import { type Entry, entrySize, type PaperSignal, type SignalName } from '../domain/entry.ts';
import type { Paper, Signals } from '../domain/paper.ts';
import { giveWay, slicesOf } from '../domain/slices.ts';
import { isSignalKind } from '../domain/source.ts';
import { HOUR, type Instant } from '../domain/time.ts';
import { entryKeys } from '../ranking/identify.ts';
import { ENTRY_SLICE } from '../sources/entries-table.ts';
import { latestSignals, saveSignals } from '../sources/signals-table.ts';

/** Yesterday's reading may have been a little less than a day ago. */
const GROWTH_OVER = 22 * HOUR;

/** Keeps the votes that entries bring themselves, so that their growth is known. */
export async function saveSignalsOf(db: Db, entries: readonly Entry[]): Promise<void> {
  const counted = entries.filter(({ signals }) => signals.length > 0);
  for (const slice of slicesOf(counted, ENTRY_SLICE, entrySize)) {
    await saveSignals(db, slice.flatMap(signalsOf));
    await giveWay();
  }
}

function signalsOf(entry: Entry): PaperSignal[] {
  const [paperId = ''] = entryKeys(entry).names;
  return entry.signals.map((signal) => ({ ...signal, paperId, source: entry.source }));
}

/**
 * Papers with what the sources of signals know of them, and all their signals as they stood a day before. Points
 * and stars are those sources'; comments only where the source that brought the paper counts none.
 */
export async function withSignals(core: Core, papers: readonly Paper[], asOf: Instant): Promise<Paper[]> {
  const { db } = core.store;
  const ids = papers.map((paper) => paper.id);
  const sources = core.config.SOURCES.filter((spec) => isSignalKind(spec.kind)).map((spec) => spec.name);
  const now = sources.length === 0 ? [] : await latestSignals(db, ids, sources);
  const [read, earlier] = [
    byPaper(now),
    byPaper(await latestSignals(db, ids, undefined, asOf - GROWTH_OVER)),
  ];
  return papers.map((paper) => {
    const known = read.get(paper.id) ?? {};
    const comments = paper.signals.comments ?? known.comments;
    const before = earlier.get(paper.id);
    return {
      ...paper,
      signals: { ...paper.signals, ...known, ...(comments !== undefined && { comments }) },
      ...(before !== undefined && { earlier: before }),
    };
  });
}

/** Of two sources that read the same signal the larger value counts. */
function byPaper(signals: readonly PaperSignal[]): ReadonlyMap<string, Signals> {
  const papers = new Map<string, { [name in SignalName]?: number }>();
  for (const { paperId, name, value } of signals) {
    const known = papers.get(paperId) ?? {};
    known[name] = Math.max(known[name] ?? value, value);
    papers.set(paperId, known);
  }
  return papers;
}
