import { sql } from 'kysely';
import { anyOf, anyTextOf, jsonRows } from '../../db/dialect.ts';
import type { Db, Trx } from '../../db/schema.ts';
import { storedEntry } from '../../db/stored.ts';
import type { Entry } from '../../domain/entry.ts';
import type { LibraryReading } from './read-library.ts';

/** Each costs about as much as a liked paper whenever picks are made for its owner. */
const MOST_USED = 200;

/** Puts the entries that have ids in place of the library that a subscriber had. */
export async function replaceLibrary(
  trx: Trx,
  subscriberId: number,
  { entries }: LibraryReading,
): Promise<void> {
  await removeLibrary(trx, subscriberId);
  const places = new Map(entries.flatMap((keys, place) => keys.map((key): [string, number] => [key, place])));
  await sql`
    insert into library_papers (subscriber_id, alias, entry)
    select ${subscriberId}, value ->> 0, cast(value ->> 1 as integer)
    from ${jsonRows(trx, [...places])} where true`.execute(trx);
}

export async function removeLibrary(trx: Trx, subscriberId: number): Promise<void> {
  await trx.deleteFrom('library_papers').where('subscriber_id', '=', subscriberId).execute();
}

/** `papers`: how many have an id; `known`: how many of those we know. */
export type LibrarySize = { readonly papers: number; readonly known: number };

export async function librarySize(db: Db, subscriberId: number): Promise<LibrarySize> {
  const row = await db
    .selectFrom('library_papers')
    .leftJoin('paper_aliases', 'paper_aliases.alias', 'library_papers.alias')
    .select(({ fn }) => [
      fn.count<number>('entry').distinct().as('papers'),
      sql<number>`count(distinct case when paper is not null then entry end)`.as('known'),
    ])
    .where('subscriber_id', '=', subscriberId)
    .executeTakeFirstOrThrow();
  return { papers: Number(row.papers), known: Number(row.known) };
}

/** The keys of all its papers, known or not, in the order of the file. */
export async function libraryOf(db: Db, subscriberId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('library_papers')
    .select('alias')
    .where('subscriber_id', '=', subscriberId)
    .orderBy('entry')
    .orderBy('alias')
    .execute();
  return rows.map(({ alias }) => alias);
}

/**
 * One key of each of the newest known papers in the libraries of these subscribers, at most 200 of each; nothing of those
 * without a library.
 */
export async function knownLibraries(
  db: Db,
  subscriberIds: readonly number[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const { rows } = await sql<{ subscriber_id: number; alias: string }>`
    select subscriber_id, alias from (
      select l.subscriber_id, min(l.alias) as alias,
        row_number() over (partition by l.subscriber_id order by p.day desc, p.id desc) as place
      from library_papers l
      join paper_aliases a on a.alias = l.alias
      join papers p on p.id = a.paper
      where l.subscriber_id in ${anyOf(db, subscriberIds)}
      group by l.subscriber_id, p.id, p.day
    ) as known
    where place <= ${MOST_USED}
    order by subscriber_id, place`.execute(db);
  const bySubscriber = Map.groupBy(rows, (row) => row.subscriber_id);
  return new Map([...bySubscriber].map(([id, own]) => [id, own.map(({ alias }) => alias)]));
}

/** What we know of papers by their keys, as any source has given them; the longest abstract of each. */
export async function findByKeys(
  db: Db,
  keys: readonly string[],
): Promise<(Pick<Entry, 'title' | 'abstract' | 'features'> & { readonly id: string })[]> {
  if (keys.length === 0) return [];
  const rows = await db
    .selectFrom('paper_aliases')
    .innerJoin('entries', 'entries.paper', 'paper_aliases.paper')
    .select(['alias', 'body'])
    .where('alias', 'in', anyTextOf(db, keys))
    .execute();
  const found = new Map<string, Entry>();
  for (const { alias, body } of rows) {
    const entry = storedEntry(body);
    if (entry && entry.abstract.length >= (found.get(alias)?.abstract.length ?? 0)) found.set(alias, entry);
  }
  return [...found].map(([id, { title, abstract, features }]) => ({
    id,
    title,
    abstract,
    ...(features && { features }),
  }));
}
