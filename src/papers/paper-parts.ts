import { type QueryCreator, sql } from 'kysely';
import type { Row, Tables, Trx } from '../db/schema.ts';
import { storedEntry } from '../db/stored.ts';
import type { Entry, SeenEntry } from '../domain/entry.ts';
import { slicesOf } from '../domain/slices.ts';
import { LIKED } from '../domain/source.ts';
import { isInstant } from '../domain/time.ts';

/** Stands in `entries.paper` for an entry that is part of none, and is not tried again. */
export const UNMERGED = -1;

/** An entry with its place in the table, so that it can be told which paper it is a part of. */
export type StoredEntry = { readonly entry: SeenEntry; readonly paper: number | null };

/** Which row of `entries` is meant. */
export type EntryKey = Pick<Entry, 'source' | 'key'>;

/** What one source says of a paper beyond these entries adds nothing to it. */
const MOST_PARTS = 5;

/**
 * Entries that are part of no paper yet, but for those that only subscribers' likes have brought, those of the oldest lists
 * first. At most so many, and so many bytes, but one at least; `entry` is absent of one that cannot be read.
 */
export async function unmergedEntries(
  trx: Trx,
  limits: { readonly count: number; readonly size: number },
): Promise<(EntryKey & { readonly entry: SeenEntry | undefined })[]> {
  const query = trx
    .selectFrom('entries')
    .select(['source', 'key', 'body', 'first_seen_at'])
    .where('paper', 'is', null)
    .where('source', '<>', LIKED)
    .orderBy('listed_on')
    .orderBy('source')
    .orderBy('key')
    .limit(limits.count);
  const [slice = []] = slicesOf(await query.execute(), limits, ({ body }) => body.length);
  return slice.map((row) => ({ source: row.source, key: row.key, entry: toEntry(row) }));
}

/** Leaves entries out of the papers, until their sources give them otherwise. */
export async function leaveUnmerged(trx: Trx, keys: readonly EntryKey[]): Promise<void> {
  for (const { source, key } of keys) {
    const row = trx.updateTable('entries').set({ paper: UNMERGED }).where('source', '=', source);
    await row.where('key', '=', key).execute();
  }
}

/** The parts of these papers that can be read, at most `MOST_PARTS` from each source. */
export async function partsOfPapers(trx: Trx, papers: readonly number[]): Promise<StoredEntry[]> {
  const rows = await trx
    .with('parts', (query) => rankedParts(query, papers).select(['source', 'key', 'body', 'first_seen_at']))
    .selectFrom('parts')
    .select(['source', 'key', 'body', 'first_seen_at', 'paper'])
    .where('turn', '<=', MOST_PARTS)
    .execute();
  return rows.flatMap((row) => {
    const entry = toEntry(row);
    return entry ? [{ entry, paper: row.paper }] : [];
  });
}

/** What reading the parts of each of these papers would cost, in bytes. */
export async function sizesOfPapers(trx: Trx, papers: readonly number[]): Promise<Map<number, number>> {
  const rows = await trx
    .with('parts', (query) => rankedParts(query, papers).select(sql<number>`octet_length(body)`.as('size')))
    .selectFrom('parts')
    .select((e) => ['paper', e.fn.sum<number>('size').as('size')])
    .where('turn', '<=', MOST_PARTS)
    .groupBy('paper')
    .execute();
  return new Map(rows.map(({ paper, size }) => [Number(paper), Number(size)]));
}

function rankedParts(query: QueryCreator<Tables>, papers: readonly number[]) {
  return query
    .selectFrom('entries')
    .select((e) => [
      'paper',
      e.fn
        .agg<number>('row_number')
        .over((over) => over.partitionBy(['paper', 'source']).orderBy('key'))
        .as('turn'),
    ])
    .where('paper', 'in', papers);
}

/** Its row names it, whatever its body says. */
function toEntry(
  row: Pick<Row<'entries'>, 'source' | 'key' | 'body' | 'first_seen_at'>,
): SeenEntry | undefined {
  const { source, key, first_seen_at: firstSeenAt } = row;
  const entry = storedEntry(row.body);
  return entry && isInstant(firstSeenAt) ? { ...entry, source, key, firstSeenAt } : undefined;
}
