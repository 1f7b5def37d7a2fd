import { finish, giveWay } from '../domain/slices.ts';
import { entryKeys } from '../rank/identify.ts';
import { type Merged, mergeSteps } from '../rank/merge.ts';
import {
  dropPapers,
  keepPaper,
  papersCalled,
  partsOfPapers,
  type StoredEntry,
  sizesOfPapers,
  unmergedEntries,
} from '../store/papers.ts';
import type { Db, Trx } from '../store/schema.ts';

/** Entries of one transaction, and bytes: some 10 ms of work, so that mails and pages are not kept waiting. */
const SLICE = { count: 50, size: 100_000 };
/** With the parts of papers that they are merged with, which are read but mostly not written. */
const MOST_READ = 300_000;

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
    if (count === 0) return total;
    await giveWay();
  }
}

/** A new entry can show that two papers are one, so each is merged with what is known of those it names. */
async function mergeSlice(trx: Trx): Promise<number> {
  const { fresh, named } = await nextSlice(trx);
  if (fresh.length === 0) return 0;
  const free = new Set(named.values());
  const parts = [...fresh, ...(await partsOfPapers(trx, [...free]))];
  const stored = new Map(parts.map((part) => [part.entry, part]));
  for (const merged of finish(mergeSteps([...stored.keys()]))) await keep(trx, merged, stored, named, free);
  await dropPapers(trx, [...free]);
  return fresh.length;
}

type Slice = { readonly fresh: readonly StoredEntry[]; readonly named: ReadonlyMap<string, number> };

/** As many entries as make a short piece of work together with the papers that they name: one at least. */
async function nextSlice(trx: Trx): Promise<Slice> {
  const fresh = await unmergedEntries(trx, SLICE);
  if (fresh.length === 0) return { fresh, named: new Map() };
  const keys = fresh.map(({ entry }) => entryKeys(entry));
  const called = await papersCalled(trx, keys.flat());
  const sizes = await sizesOfPapers(trx, [...new Set(called.values())]);
  const named = new Map<string, number>();
  const papers = new Set<number>();
  for (const [index, own] of keys.entries()) {
    for (const key of own) papers.add(called.get(key) ?? 0);
    const size = [...papers].reduce((sum, paper) => sum + (sizes.get(paper) ?? 0), 0);
    if (index > 0 && size > MOST_READ) return { fresh: fresh.slice(0, index), named };
    for (const key of own) if (called.has(key)) named.set(key, called.get(key) ?? 0);
  }
  return { fresh, named };
}

async function keep(
  trx: Trx,
  { paper, entries }: Merged,
  stored: ReadonlyMap<unknown, StoredEntry>,
  named: ReadonlyMap<string, number>,
  free: Set<number>,
): Promise<void> {
  const own = entries.flatMap((entry) => stored.get(entry) ?? []);
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
