import { entryKeys } from '../rank/identify.ts';
import { MOST_PARTS, mergeWithParts } from '../rank/merge.ts';
import {
  dropPapers,
  type EntryKey,
  entriesOfPapers,
  keepPaper,
  leaveUnmerged,
  papersCalled,
  papersOfMany,
  unmergedEntries,
} from '../store/papers.ts';
import type { Db, Trx } from '../store/schema.ts';
import type { SetAside } from '../store/set-aside.ts';
import { reasonFor } from './set-aside.ts';
import { inSlices } from './slices.ts';

/** Entries of one transaction: some 10 ms of work, so that mails and pages are not kept waiting. */
const SLICE = 50;
/** A slice that names papers of more entries than these is cut. */
const MOST_KNOWN = 1000;

export type PapersMerged = {
  /** How many entries were new. */
  readonly count: number;
  /** Entries that are part of no paper, and will not be tried again until their source gives them otherwise. */
  readonly setAside: readonly SetAside[];
};

/**
 * Makes papers of the entries that are part of none yet: those just read and, the first time, all that were ever
 * kept. May be called at any time and by two processes; what is cut short goes on at the next call. An entry that cannot
 * be merged is left out, and the others go on.
 */
export async function mergePapers(db: Db, signal?: AbortSignal): Promise<PapersMerged> {
  const left: SetAside[] = [];
  const count = await inSlices({
    most: SLICE,
    signal,
    work: async (limit) => {
      const { count, leftOut } = await db.transaction().execute((trx) => mergeSlice(trx, limit));
      left.push(...leftOut);
      return count;
    },
    setAside: async (error) => {
      await db.transaction().execute(async (trx) => {
        const first = await unmergedEntries(trx, 1);
        left.push(...(await leaveOut(trx, first, reasonFor(error))));
      });
    },
  });
  return { count, setAside: left };
}

/** A new entry can show that two papers are one, so each is merged with all that is known of those it names. */
async function mergeSlice(trx: Trx, limit: number): Promise<{ count: number; leftOut: SetAside[] }> {
  const rows = await unmergedEntries(trx, limit);
  const unreadable = rows.filter(({ entry }) => entry === undefined);
  const leftOut = await leaveOut(trx, unreadable, 'its row cannot be read');
  const fresh = rows.flatMap(({ entry }) => entry ?? []);
  const keys = fresh.flatMap((entry) => entryKeys(entry));
  const named = await papersCalled(trx, keys);
  const full = await papersOfMany(trx, [...new Set(named.values())], MOST_PARTS);
  const isFull = (key: string) => full.has(named.get(key) ?? 0);
  const open = fresh.filter((entry) => !entryKeys(entry).some(isFull));
  const closed = fresh.filter((entry) => !open.includes(entry));
  leftOut.push(...(await leaveOut(trx, closed, TOO_MANY)));
  const free = new Set(open.flatMap((entry) => entryKeys(entry).flatMap((key) => named.get(key) ?? [])));
  const known = await entriesOfPapers(trx, [...free]);
  if (known.length > MOST_KNOWN && limit > 1) throw new Error(`${known.length} entries are too many at once`);
  const rowOf = new Map(known.map(({ entry, paper }) => [entry, paper]));
  const merged = new Set<(typeof open)[number]>();
  for (const { paper, parts } of mergeWithParts([...open, ...known.map(({ entry }) => entry)])) {
    const rows = [...paper.aliases.map((alias) => named.get(alias)), ...parts.map((part) => rowOf.get(part))];
    const row = rows.find((id) => id != null && free.delete(id)) ?? undefined;
    const moved = parts.filter((part) => row === undefined || rowOf.get(part) !== row);
    await keepPaper(trx, paper, row, moved);
    for (const part of parts) merged.add(part);
  }
  const over = open.filter((entry) => !merged.has(entry));
  leftOut.push(...(await leaveOut(trx, over, TOO_MANY)));
  await dropPapers(trx, [...free]);
  return { count: rows.length, leftOut };
}

const TOO_MANY = `more than ${MOST_PARTS} entries say that they are this paper`;

async function leaveOut(trx: Trx, entries: readonly EntryKey[], reason: string): Promise<SetAside[]> {
  await leaveUnmerged(trx, entries);
  return entries.map(({ source, key }) => ({ kind: 'entry', ref: `${source} ${key}`, reason }));
}
