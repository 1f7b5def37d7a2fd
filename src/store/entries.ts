import type { Day } from '../domain/day.ts';
import type { Entry, SeenEntry } from '../domain/entry.ts';
import type { Instant } from '../domain/time.ts';
import type { Db } from './schema.ts';

const SLICE = 200;

/**
 * Keeps what a source gave: new keys are first seen now, known ones get the newer reading; of
 * two entries with one key the last counts.
 * @returns how many keys were new
 */
export async function keepEntries(db: Db, entries: readonly Entry[], now: Instant): Promise<number> {
  const latest = [...new Map(entries.map((entry) => [`${entry.source}\n${entry.key}`, entry])).values()];
  let added = 0;
  for (let start = 0; start < latest.length; start += SLICE) {
    added += await keepSlice(db, latest.slice(start, start + SLICE), now);
  }
  return added;
}

async function keepSlice(db: Db, entries: readonly Entry[], now: Instant): Promise<number> {
  const bySource = Map.groupBy(entries, (entry) => entry.source);
  return db.transaction().execute(async (trx) => {
    let known = 0;
    for (const [source, group] of bySource) {
      const keys = group.map((entry) => entry.key);
      const query = trx
        .selectFrom('entries')
        .select('key')
        .where('source', '=', source)
        .where('key', 'in', keys);
      known += (await query.execute()).length;
    }
    await trx
      .insertInto('entries')
      .values(entries.map((entry) => toRow(entry, now)))
      .onConflict((conflict) =>
        conflict.columns(['source', 'key']).doUpdateSet((e) => ({
          listed_on: e.ref('excluded.listed_on'),
          last_seen_at: e.ref('excluded.last_seen_at'),
          body: e.ref('excluded.body'),
        })),
      )
      .execute();
    return entries.length - known;
  });
}

/**
 * What the named sources gave for the days `first` to `last`: by listing day, and without one by the UTC
 * day of first sight.
 * @param until nothing that was first seen later than this moment, unless a listing day vouches for it
 */
export async function entriesOfDays(
  db: Db,
  sources: readonly string[],
  first: Day,
  last: Day,
  until: Instant,
): Promise<SeenEntry[]> {
  if (sources.length === 0) return [];
  const rows = await db
    .selectFrom('entries')
    .select(['body', 'first_seen_at'])
    .where('source', 'in', sources)
    .where((e) =>
      e.or([
        e.and([e('listed_on', '>=', first), e('listed_on', '<=', last)]),
        e.and([
          e('listed_on', 'is', null),
          e('first_seen_at', '>=', startOf(first)),
          e('first_seen_at', '<=', until),
        ]),
      ]),
    )
    .orderBy('source')
    .orderBy('key')
    .execute();
  return rows.map((row) => ({ ...(JSON.parse(row.body) as Entry), firstSeenAt: row.first_seen_at }));
}

function startOf(day: Day): Instant {
  return Date.parse(`${day}T00:00:00Z`);
}

function toRow(entry: Entry, now: Instant) {
  return {
    source: entry.source,
    key: entry.key,
    listed_on: entry.listedOn ?? null,
    first_seen_at: now,
    last_seen_at: now,
    body: JSON.stringify(entry),
  };
}
