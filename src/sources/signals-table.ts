import type { Db } from '../db/schema.ts';
import type { PaperSignal, SignalName } from '../domain/entry.ts';
import { giveWay } from '../domain/slices.ts';
import type { Instant } from '../domain/time.ts';

/**
 * Keeps each reading whose value is not the one that was kept last, so that growth is known.
 * @returns how many were kept
 */
export async function saveSignals(db: Db, signals: readonly PaperSignal[]): Promise<number> {
  let kept = 0;
  for (let start = 0; start < signals.length; start += 200) {
    if (start > 0) await giveWay();
    const slice = signals.slice(start, start + 200);
    await db.transaction().execute(async (trx) => {
      const ids = slice.map((signal) => signal.paperId);
      const last = new Map((await latestSignals(trx, ids)).map((signal) => [keyOf(signal), signal.value]));
      const changed = slice.filter((signal) => last.get(keyOf(signal)) !== signal.value);
      kept += changed.length;
      if (changed.length === 0) return;
      await trx
        .insertInto('signals')
        .values(changed.map(toRow))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    });
  }
  return kept;
}

/**
 * The newest reading of each signal of the papers, by each of the sources, or by all.
 * @param until as it was at this moment
 */
export async function latestSignals(
  db: Db,
  paperIds: readonly string[],
  sources?: readonly string[],
  until?: Instant,
): Promise<PaperSignal[]> {
  const newest = new Map<string, PaperSignal>();
  for (let start = 0; start < paperIds.length; start += 1000) {
    let query = db
      .selectFrom('signals')
      .selectAll()
      .where('paper_id', 'in', paperIds.slice(start, start + 1000))
      .orderBy('seen_at');
    if (sources !== undefined) query = query.where('source', 'in', sources);
    if (until !== undefined) query = query.where('seen_at', '<=', until);
    const rows = await query.execute();
    if (!db.isTransaction) await giveWay();
    for (const row of rows) {
      if (!Number.isFinite(row.value) || row.value < 0) continue;
      const signal: PaperSignal = {
        paperId: row.paper_id,
        source: row.source,
        name: row.name as SignalName,
        value: row.value,
        seenAt: row.seen_at,
      };
      newest.set(keyOf(signal), signal);
    }
  }
  return [...newest.values()];
}

function keyOf({ paperId, source, name }: PaperSignal): string {
  return `${paperId}\n${source}\n${name}`;
}

function toRow({ paperId, source, name, value, seenAt }: PaperSignal) {
  return { paper_id: paperId, source, name, value, seen_at: seenAt };
}
