import { sql } from 'kysely';
import { inTransaction } from '../db/dialect.ts';
import type { Db, Trx } from '../db/schema.ts';
import { storedEntry } from '../db/stored.ts';
import type { Day } from '../domain/day.ts';
import { type Entry, entrySize, type PaperFeatures } from '../domain/entry.ts';
import { giveWay, slicesOf } from '../domain/slices.ts';
import { DAY, type Instant } from '../domain/time.ts';
import { backlogOf } from './backlog.ts';

/** Some milliseconds of work, so that pages and mails are not kept waiting. */
export const ENTRY_SLICE = { count: 100, size: 200_000 };
/** The largest archives announce 2,500 papers a day. */
export const MOST_NEW_A_DAY = 5000;

export type Kept = {
  /** How many keys were never seen before. */
  readonly added: number;
  /** How many known keys came with a later listing day than they had. */
  readonly redated: number;
  /** How many new keys were left out, because their source had brought `MOST_NEW_A_DAY` already. */
  readonly refused: number;
  /** How many of the new keys are no news: see {@link backlogOf}. */
  readonly backlog: number;
};

/**
 * Keeps what a source gave: new keys are first seen now, known ones get the newer reading but keep the earliest
 * listing day they were given, so that an old batch under a new date stays old. Of two entries with one key the
 * last counts. Of a source's first reading, what has no date beyond a plausible day's number is kept as no news. However often a source makes up new keys, the database grows by so many a day at most.
 */
export async function saveEntries(
  db: Db,
  entries: readonly Entry[],
  now: Instant,
  { isFirstReading = false, mostNew = MOST_NEW_A_DAY }: { isFirstReading?: boolean; mostNew?: number } = {},
): Promise<Kept> {
  let [added, redated, refused, backlog] = [0, 0, 0, 0];
  for (const [source, own] of Map.groupBy(entries, (entry) => entry.source)) {
    const latest = [...new Map(own.map((entry) => [entry.key, entry])).values()];
    const old = isFirstReading ? backlogOf(latest) : new Set<string>();
    backlog += old.size;
    const before = await countSince(db, source, now - DAY);
    for (const slice of slicesOf(latest, ENTRY_SLICE, entrySize)) {
      const kept = await keepSlice(db, source, slice, now, { room: mostNew - before - added, old });
      added += kept.added;
      redated += kept.redated;
      refused += kept.refused;
      await giveWay();
    }
  }
  return { added, redated, refused, backlog };
}

async function countSince(db: Db, source: string, since: Instant): Promise<number> {
  const row = await db
    .selectFrom('entries')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('source', '=', source)
    .where('first_seen_at', '>', since)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

async function keepSlice(
  db: Db,
  source: string,
  given: readonly Entry[],
  now: Instant,
  { room, old }: { readonly room: number; readonly old: ReadonlySet<string> },
): Promise<Omit<Kept, 'backlog'>> {
  return db.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('entries')
      .select(['key', 'listed_on'])
      .where('source', '=', source)
      .where(
        'key',
        'in',
        given.map((entry) => entry.key),
      )
      .execute();
    const known = new Map<string, Day | null>(rows.map((row) => [row.key, row.listed_on]));
    const before = (entry: Entry) => known.get(entry.key);
    const fresh = new Set(given.filter((entry) => !known.has(entry.key)).slice(0, Math.max(0, room)));
    const entries = given.filter((entry) => known.has(entry.key) || fresh.has(entry));
    const refused = given.length - entries.length;
    if (entries.length === 0) return { added: 0, redated: 0, refused };
    const whole = await Promise.all(
      entries.map((entry) => (before(entry) === undefined ? entry : withKnownText(trx, entry))),
    );
    await trx
      .insertInto('entries')
      .values(whole.map((entry) => toRow(withFirstListing(entry, before(entry)), now, old.has(entry.key))))
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
    return { added: fresh.size, redated, refused };
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
export async function saveFeatures(
  db: Db,
  renewed: readonly { readonly entry: Entry; readonly features: PaperFeatures }[],
): Promise<void> {
  await inTransaction(db, async (trx) => {
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

function toRow(entry: Entry, now: Instant, isBacklog: boolean) {
  return {
    source: entry.source,
    key: entry.key,
    listed_on: entry.listedOn ?? null,
    first_seen_at: now,
    last_seen_at: now,
    backlog: isBacklog ? 1 : 0,
    body: JSON.stringify(entry),
  };
}
