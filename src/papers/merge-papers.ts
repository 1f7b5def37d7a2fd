import type { Db, Trx } from '../db/schema.ts';
import { inSlices } from '../db/slices.ts';
import type { SeenEntry } from '../domain/entry.ts';
import { messageOf } from '../domain/failure.ts';
import type { SetAside } from '../domain/set-aside.ts';
import { finish } from '../domain/slices.ts';
import { entryKeys } from '../ranking/identify.ts';
import { type Merged, mergeSteps } from '../ranking/merge.ts';
import {
  type EntryKey,
  leaveUnmerged,
  partsOfPapers,
  type StoredEntry,
  sizesOfPapers,
  unmergedEntries,
} from './paper-parts.ts';
import { dropPapers, papersCalled, savePaper } from './papers-table.ts';

/** Entries of one transaction, and bytes: some 10 ms of work, so that mails and pages are not kept waiting. */
const SLICE = { count: 50, size: 100_000 };
/** With the parts of papers that they are merged with, which are read but mostly not written. */
const MOST_READ = 300_000;

export type PapersMerged = {
  /** How many entries were new. */
  readonly count: number;
  /** Entries that are part of no paper, and will not be tried again until their source gives them otherwise. */
  readonly setAside: readonly SetAside[];
};

/**
 * Makes papers of the entries that are part of none yet: those just read and, the first time, all that were ever
 * read. In slices, between which the program goes on; whoever is interrupted goes on with what is left. An entry that
 * cannot be merged is set aside, and the others are papers without it.
 */
export async function mergePapers(db: Db, signal?: AbortSignal): Promise<PapersMerged> {
  const left: SetAside[] = [];
  const count = await inSlices({
    most: SLICE.count,
    signal,
    work: async (limit) => {
      const { count, leftOut } = await db.transaction().execute((trx) => mergeSlice(trx, limit));
      left.push(...leftOut);
      return count;
    },
    setAside: async (error) => {
      await db.transaction().execute(async (trx) => {
        const first = await unmergedEntries(trx, { ...SLICE, count: 1 });
        left.push(...(await leaveOut(trx, first, messageOf(error))));
      });
    },
  });
  return { count, setAside: left };
}

/** A new entry can show that two papers are one, so each is merged with what is known of those it names. */
async function mergeSlice(trx: Trx, limit: number): Promise<{ count: number; leftOut: SetAside[] }> {
  const rows = await unmergedEntries(trx, { ...SLICE, count: limit });
  const unreadable = rows.filter(({ entry }) => entry === undefined);
  const leftOut = await leaveOut(trx, unreadable, 'its row cannot be read');
  const { fresh, byName, named } = await shortSlice(
    trx,
    rows.flatMap(({ entry }) => entry ?? []),
  );
  const free = new Set(byName.values());
  const parts = [
    ...fresh.map((entry) => ({ entry, paper: null })),
    ...(await partsOfPapers(trx, [...named])),
  ];
  const stored = new Map<SeenEntry, StoredEntry>(parts.map((part) => [part.entry, part]));
  for (const { paper } of stored.values()) if (paper !== null) free.add(paper);
  for (const merged of finish(mergeSteps([...stored.keys()]))) await keep(trx, merged, stored, byName, free);
  await dropPapers(trx, [...free]);
  return { count: fresh.length + unreadable.length, leftOut };
}

async function leaveOut(trx: Trx, entries: readonly EntryKey[], reason: string): Promise<SetAside[]> {
  await leaveUnmerged(trx, entries);
  return entries.map(({ source, key }) => ({ kind: 'entry', ref: `${source} ${key}`, reason }));
}

/** `byName`: the papers that the names of the entries lead to; `named`: those, and what titles hint at. */
type Slice = {
  readonly fresh: readonly SeenEntry[];
  readonly byName: ReadonlyMap<string, number>;
  readonly named: ReadonlySet<number>;
};

/** As many of the entries as make a short piece of work together with the papers that they name: one at least. */
async function shortSlice(trx: Trx, entries: readonly SeenEntry[]): Promise<Slice> {
  const keys = entries.map((entry) => entryKeys(entry));
  const called = await papersCalled(
    trx,
    keys.flatMap(({ names, hints }) => [...names, ...hints]),
  );
  const sizes = await sizesOfPapers(trx, [...new Set(called.values())]);
  const byName = new Map<string, number>();
  const named = new Set<number>();
  let size = 0;
  for (const [index, { names, hints }] of keys.entries()) {
    const papers = [...names, ...hints].flatMap((key) => called.get(key) ?? []);
    for (const paper of new Set(papers)) size += named.has(paper) ? 0 : (sizes.get(paper) ?? 0);
    if (index > 0 && size > MOST_READ) return { fresh: entries.slice(0, index), byName, named };
    for (const paper of papers) named.add(paper);
    for (const name of names) if (called.has(name)) byName.set(name, called.get(name) ?? 0);
  }
  return { fresh: entries, byName, named };
}

async function keep(
  trx: Trx,
  { paper, entries }: Merged,
  stored: ReadonlyMap<SeenEntry, StoredEntry>,
  byName: ReadonlyMap<string, number>,
  free: Set<number>,
): Promise<void> {
  const own = entries.flatMap((entry) => stored.get(entry) ?? []);
  const rows = [...paper.aliases.map((alias) => byName.get(alias)), ...own.map((part) => part.paper)];
  const row = rows.find((known) => known != null && free.delete(known)) ?? undefined;
  const moved = own.filter((part) => row === undefined || part.paper !== row);
  const hints = entries.flatMap((entry) => entryKeys(entry).hints);
  await savePaper(
    trx,
    { ...paper, aliases: [...new Set([...paper.aliases, ...hints])] },
    row,
    moved.map(({ entry }) => entry),
  );
}
