import { type ExpressionBuilder, sql } from 'kysely';
import type { Db, Tables } from '../db/schema.ts';
import { storedEntry } from '../db/stored.ts';
import { addDays, type Day, startOfDayUtc } from '../domain/day.ts';
import type { SeenEntry } from '../domain/entry.ts';
import { giveWay, slicesOf } from '../domain/slices.ts';
import { type Instant, isInstant } from '../domain/time.ts';

/** What ranking holds in memory at once, in bytes of stored entries: 20,000 ordinary papers. */
const MOST_BYTES = 60_000_000;
/** What an entry costs beside its text. */
const OVERHEAD = 1000;
const SLICE = { count: 100, size: 300_000 };

/**
 * What the named sources gave for the days `first` to `last`: by listing day, and without one by the UTC
 * day of first sight, unless it was there before the source was first read. When it is more than ranking can hold, each source has its fair share, and what was seen last
 * comes first.
 * @param until nothing that was first seen later than this moment, unless a listing day vouches for it
 * @param most in bytes
 */
export async function entriesOfDays(...asked: Parameters<typeof slicesOfDays>): Promise<SeenEntry[]> {
  const entries: SeenEntry[] = [];
  for await (const slice of slicesOfDays(...asked)) entries.push(...slice);
  return entries;
}

/** {@link entriesOfDays} in slices, none of which is a long piece of work. */
export async function* slicesOfDays(
  db: Db,
  sources: readonly string[],
  first: Day,
  last: Day,
  until: Instant,
  most = MOST_BYTES,
): AsyncGenerator<SeenEntry[]> {
  if (sources.length === 0) return;
  const places: Place[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) {
    places.push(...(await placesWhere(db, sources, (e) => e('listed_on', '=', day))));
    const end = day === last ? until : Math.min(until, startOfDayUtc(addDays(day, 1)) - 1);
    places.push(...(await placesWhere(db, sources, (e) => unlisted(e, startOfDayUtc(day), end))));
  }
  for (const [source, own] of fairShares(places, most))
    for (const slice of slicesOf(own, SLICE, ({ size }) => size)) yield await readEntries(db, source, slice);
}

/** Whether the named sources gave anything for days before one. */
export async function hasEntriesBefore(db: Db, sources: readonly string[], day: Day): Promise<boolean> {
  const older = db
    .selectFrom('entries')
    .select('key')
    .where('source', 'in', sources)
    .where((e) => e.or([e('listed_on', '<', day), unlisted(e, 0, startOfDayUtc(day) - 1)]))
    .limit(1);
  return (await older.executeTakeFirst()) !== undefined;
}

type Place = {
  readonly source: string;
  readonly key: string;
  readonly firstSeenAt: Instant;
  readonly size: number;
};
type Where = (e: ExpressionBuilder<Tables, 'entries'>) => ReturnType<typeof e.and>;

function unlisted(e: Parameters<Where>[0], from: Instant, to: Instant): ReturnType<Where> {
  return e.and([
    e('listed_on', 'is', null),
    e('backlog', '=', 0),
    e('first_seen_at', '>=', from),
    e('first_seen_at', '<=', to),
  ]);
}

async function placesWhere(
  db: Db,
  sources: readonly string[],
  where: (e: Parameters<Where>[0]) => ReturnType<Parameters<Where>[0]>,
): Promise<Place[]> {
  const rows = await db
    .selectFrom('entries')
    .select(['source', 'key', 'first_seen_at as firstSeenAt', sql<number>`octet_length(body)`.as('size')])
    .where('source', 'in', sources)
    .where(where)
    .execute();
  await giveWay();
  return rows.map(({ size, ...row }) => ({ ...row, size: Number(size) + OVERHEAD }));
}

/** Small sources are whole; what they leave is divided among the others. */
function fairShares(places: readonly Place[], most: number): Map<string, Place[]> {
  const bySource = [...Map.groupBy(places, ({ source }) => source)];
  const needed = new Map(bySource.map(([source, own]) => [source, sumOf(own)]));
  const order = bySource.sort(([one], [other]) => (needed.get(one) ?? 0) - (needed.get(other) ?? 0));
  let left = most;
  return new Map(
    order.map(([source, own], index) => {
      const kept = newestWithin(own, left / (order.length - index));
      left -= sumOf(kept);
      return [source, kept.sort((one, other) => (one.key < other.key ? -1 : 1))];
    }),
  );
}

function newestWithin(places: readonly Place[], most: number): Place[] {
  const newest = places.toSorted((one, other) => other.firstSeenAt - one.firstSeenAt);
  let size = 0;
  const end = newest.findIndex((place) => {
    size += place.size;
    return size > most;
  });
  return end < 0 ? newest : newest.slice(0, end);
}

function sumOf(places: readonly Place[]): number {
  return places.reduce((sum, { size }) => sum + size, 0);
}

async function readEntries(db: Db, source: string, places: readonly Place[]): Promise<SeenEntry[]> {
  const rows = await db
    .selectFrom('entries')
    .select(['body', 'first_seen_at'])
    .where('source', '=', source)
    .where(
      'key',
      'in',
      places.map(({ key }) => key),
    )
    .orderBy('key')
    .execute();
  await giveWay();
  return rows.flatMap((row) => {
    const entry = storedEntry(row.body);
    return entry && isInstant(row.first_seen_at) ? [{ ...entry, firstSeenAt: row.first_seen_at }] : [];
  });
}
