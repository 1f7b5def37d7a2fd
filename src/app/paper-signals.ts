import type { Entry, PaperSignal, SignalName } from '../domain/entry.ts';
import type { Paper } from '../domain/paper.ts';
import { isSignalKind } from '../domain/source.ts';
import { idKeys, titleKey } from '../rank/identify.ts';
import type { Db } from '../store/schema.ts';
import { keepSignals, latestSignals } from '../store/signals.ts';
import type { App } from './wire.ts';

/** Keeps the votes that entries bring themselves, so that their growth is known. */
export async function keepSignalsOf(db: Db, entries: readonly Entry[]): Promise<void> {
  const signals = entries.flatMap((entry) => {
    const paperId = idKeys(entry.ids)[0] ?? titleKey(entry.title);
    return entry.signals.map((signal): PaperSignal => ({ ...signal, paperId, source: entry.source }));
  });
  await keepSignals(db, signals);
}

/**
 * Papers with what the sources of signals know of them. Points and stars are theirs; comments only where the
 * source that brought the paper counts none.
 */
export async function withSignals(app: App, papers: readonly Paper[]): Promise<Paper[]> {
  const sources = app.config.SOURCES.filter((spec) => isSignalKind(spec.kind)).map((spec) => spec.name);
  if (sources.length === 0) return [...papers];
  const ids = papers.map((paper) => paper.id);
  const byPaper = Map.groupBy(await latestSignals(app.store.db, ids, sources), (signal) => signal.paperId);
  return papers.map((paper) => {
    const read: { [name in SignalName]?: number } = {};
    for (const { name, value } of byPaper.get(paper.id) ?? []) read[name] = value;
    const comments = paper.signals.comments ?? read.comments;
    return { ...paper, signals: { ...paper.signals, ...read, ...(comments !== undefined && { comments }) } };
  });
}
