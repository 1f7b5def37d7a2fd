import type { SeenEntry } from '../domain/entry.ts';
import type { KnownPaper } from '../domain/known-paper.ts';
import { entryKeys } from '../rank/identify.ts';
import { mergeEntries } from '../rank/merge.ts';
import { dropPapers, entriesOfPapers, keepPaper, papersCalled, unmergedEntries } from '../store/papers.ts';
import type { Db, Trx } from '../store/schema.ts';

/** Entries of one transaction: some 10 ms of work, so that mails and pages are not kept waiting. */
const SLICE = 50;

/**
 * Makes papers of the entries that are part of none yet: those just read and, the first time, all that were ever
 * kept. May be called at any time and by two processes; what is cut short goes on at the next call.
 * @returns how many entries there were
 */
export async function mergePapers(db: Db, signal?: AbortSignal): Promise<number> {
  let total = 0;
  for (;;) {
    signal?.throwIfAborted();
    const count = await db.transaction().execute(mergeSlice);
    total += count;
    if (count < SLICE) return total;
    await new Promise(setImmediate);
  }
}

/** A new entry can show that two papers are one, so each is merged with all that is known of those it names. */
async function mergeSlice(trx: Trx): Promise<number> {
  const fresh = await unmergedEntries(trx, SLICE);
  const named = await papersCalled(
    trx,
    fresh.flatMap(({ entry }) => entryKeys(entry)),
  );
  const free = new Set(named.values());
  const parts = [...fresh, ...(await entriesOfPapers(trx, [...free]))];
  const rest = new Set(parts);
  for (const paper of mergeEntries(parts.map(({ entry }) => entry))) {
    const own = [...rest].filter((part) => isPartOf(part.entry, paper));
    for (const part of own) rest.delete(part);
    const rows = [...paper.aliases.map((alias) => named.get(alias)), ...own.map((part) => part.paper)];
    const row = rows.find((known) => known != null && free.delete(known)) ?? undefined;
    const moved = own.filter((part) => row === undefined || part.paper !== row);
    await keepPaper(
      trx,
      paper,
      row,
      moved.map(({ entry }) => entry),
    );
  }
  await dropPapers(trx, [...free]);
  return fresh.length;
}

function isPartOf(entry: SeenEntry, paper: KnownPaper): boolean {
  return paper.sources.includes(entry.source) && entryKeys(entry).every((key) => paper.aliases.includes(key));
}
