import { sql } from 'kysely';
import type { Day } from '../domain/day.ts';
import type { Entry, PaperFeatures, SeenEntry } from '../domain/entry.ts';
import { type Instant, isInstant } from '../domain/time.ts';
import { atomically } from './dialect.ts';
import type { Db, Trx } from './schema.ts';
import { storedEntry } from './stored.ts';

const SLICE = 200;

export type Kept = {
  /** How many keys were never seen before. */
  readonly added: number;
  /** How many known keys came with a later listing day than they had. */
  readonly redated: number;
};

/**
 * Keeps what a source gave: new keys are first seen now, known ones get the newer reading but keep the earliest
 * listing day they were given, so that an old batch under a new date stays old. Of two entries with one key the
 * last counts.
 */
export async function keepEntries(db: Db, entries: readonly Entry[], now: Instant): Promise<Kept> {
  const latest = [...new Map(entries.map((entry) => [`${entry.source}\n${entry.key}`, entry])).values()];
  let added = 0;
  let redated = 0;
  for (let start = 0; start < latest.length; start += SLICE) {
    const kept = await keepSlice(db, latest.slice(start, start + SLICE), now);
    added += kept.added;
    redated += kept.redated;
  }
  return { added, redated };
}

async function keepSlice(db: Db, entries: readonly Entry[], now: Instant): Promise<Kept> {
  const bySource = Map.groupBy(entries, (entry) => entry.source);
  return db.transaction().execute(async (trx) => {
    const known = new Map<string, Day | null>();
    for (const [source, group] of bySource) {
      const query = trx.selectFrom('entries').select(['key', 'listed_on']).where('source', '=', source);
      const keys = group.map((entry) => entry.key);
      for (const row of await query.where('key', 'in', keys).execute())
        known.set(`${source}\n${row.key}`, row.listed_on);
    }
    const before = (entry: Entry) => known.get(`${entry.source}\n${entry.key}`);
    const whole = await Promise.all(
      entries.map((entry) => (before(entry) === undefined ? entry : withKnownText(trx, entry))),
    );
    await trx
      .insertInto('entries')
      .values(whole.map((entry) => toRow(withFirstListing(entry, before(entry)), now)))
      .onConflict((conflict) =>
        conflict.columns(['source', 'key']).doUpdateSet((e) => ({
          listed_on: e.ref('excluded.listed_on'),
          last_seen_at: e.ref('excluded.last_seen_at'),
          body: e.ref('excluded.body'),
          // What says something else than before is merged into its paper anew.
          paper: sql<number | null>`case when entries.body = excluded.body then entries.paper end`,
        })),
      )
      .execute();
    const redated = entries.filter((entry) => (before(entry) ?? '9') < (entry.listedOn ?? '')).length;
    return { added: entries.length - known.size, redated };
  });
}

/** A reading that lacks what an earlier one had (an enrichment failed, say) takes nothing away. */
async function withKnownText(trx: Trx, entry: Entry): Promise<Entry> {
  if (entry.abstract !== '' && entry.authors.length > 0) return entry;
  const row = await trx
    .selectFrom('entries')
    .select('body')
    .where('source', '=', entry.source)
    .where('key', '=', entry.key)
    .executeTakeFirst();
  const known = row && storedEntry(row.body);
  if (known === undefined) return entry;
  const { abstract, authors } = entry;
  return {
    ...entry,
    abstract: abstract || known.abstract,
    authors: authors.length > 0 ? authors : known.authors,
  };
}

/** What is stored of the entries' keys, by the entry asked about. */
export async function entriesByKey(db: Db, asked: readonly Entry[]): Promise<Map<Entry, Entry>> {
  const found = new Map<string, Entry>();
  for (const [source, group] of Map.groupBy(asked, (entry) => entry.source)) {
    const query = db.selectFrom('entries').select(['key', 'body']).where('source', '=', source);
    const keys = group.map((entry) => entry.key);
    for (const row of await query.where('key', 'in', keys).execute()) {
      const known = storedEntry(row.body);
      if (known) found.set(`${source}\n${row.key}`, known);
    }
  }
  return new Map(
    asked.flatMap((entry) => {
      const known = found.get(`${entry.source}\n${entry.key}`);
      return known ? [[entry, known]] : [];
    }),
  );
}

/** Replaces what was made of the entries' texts; of an entry whose text has changed since, nothing. */
export async function keepFeatures(
  db: Db,
  renewed: readonly { readonly entry: Entry; readonly features: PaperFeatures }[],
): Promise<void> {
  await atomically(db, async (trx) => {
    const now = await entriesByKey(
      trx,
      renewed.map(({ entry }) => entry),
    );
    for (const { entry, features } of renewed) {
      const { title, abstract, ...rest } = now.get(entry) ?? entry;
      if (title !== entry.title || abstract !== entry.abstract) continue;
      await trx
        .updateTable('entries')
        .set({ body: JSON.stringify({ ...rest, title, abstract, features }) })
        .where('source', '=', entry.source)
        .where('key', '=', entry.key)
        .execute();
    }
  });
}

/** Papers by their arXiv ids, as any source has given them; the longest abstract of each. */
export async function findLiked(
  db: Db,
  ids: readonly string[],
): Promise<(Pick<Entry, 'title' | 'abstract' | 'features'> & { readonly id: string })[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('entries').select(['key', 'body']).where('key', 'in', ids).execute();
  const found = new Map<string, Entry>();
  for (const { key, body } of rows) {
    const entry = storedEntry(body);
    if (entry && entry.abstract.length >= (found.get(key)?.abstract.length ?? 0)) found.set(key, entry);
  }
  return [...found].map(([id, { title, abstract, features }]) => ({
    id,
    title,
    abstract,
    ...(features && { features }),
  }));
}

function withFirstListing(entry: Entry, before: Day | null | undefined): Entry {
  return before && before < (entry.listedOn ?? '9') ? { ...entry, listedOn: before } : entry;
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
  return rows.flatMap((row) => {
    const entry = storedEntry(row.body);
    return entry && isInstant(row.first_seen_at) ? [{ ...entry, firstSeenAt: row.first_seen_at }] : [];
  });
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
