import { type QueryCreator, sql } from 'kysely';
import type { Entry, SeenEntry } from '../domain/entry.ts';
import type { KnownPaper, PaperIssue } from '../domain/known-paper.ts';
import { slicesOf } from '../domain/slices.ts';
import { LIKED } from '../domain/source.ts';
import type { Db, Row, Tables, Trx } from './schema.ts';

/** No work has so many names. */
const MOST_ALIASES = 100;

/** An entry with its place in the table, so that it can be told which paper it is a part of. */
export type StoredEntry = { readonly entry: SeenEntry; readonly paper: number | null };

/** What one source says of a paper beyond these entries adds nothing to it. */
const MOST_PARTS = 5;

/**
 * Entries that are part of no paper yet, but for those that only readers' likes have brought, those of the oldest lists
 * first. At most so many, and so many bytes, but one at least.
 */
export async function unmergedEntries(
  trx: Trx,
  limits: { readonly count: number; readonly size: number },
): Promise<StoredEntry[]> {
  const query = trx
    .selectFrom('entries')
    .select(['body', 'first_seen_at', 'paper'])
    .where('paper', 'is', null)
    .where('source', '<>', LIKED)
    .orderBy('listed_on')
    .limit(limits.count);
  const [slice = []] = slicesOf(await query.execute(), limits, ({ body }) => body.length);
  return slice.map(toStored);
}

/** The parts of these papers, at most `MOST_PARTS` from each source. */
export async function partsOfPapers(trx: Trx, papers: readonly number[]): Promise<StoredEntry[]> {
  const rows = await trx
    .with('parts', (query) => rankedParts(query, papers).select(['body', 'first_seen_at']))
    .selectFrom('parts')
    .select(['body', 'first_seen_at', 'paper'])
    .where('turn', '<=', MOST_PARTS)
    .execute();
  return rows.map(toStored);
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

/** The rows of the papers that any of these aliases names. */
export async function papersCalled(db: Db, aliases: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.selectFrom('paper_aliases').selectAll().where('alias', 'in', aliases).execute();
  return new Map(rows.map((row) => [row.alias, row.paper]));
}

/**
 * Writes what a paper is now, and that these entries are its parts.
 * @param known its row, when it has one
 */
export async function keepPaper(
  trx: Trx,
  paper: KnownPaper,
  known: number | undefined,
  parts: readonly Pick<Entry, 'source' | 'key'>[],
): Promise<void> {
  const id = known === undefined ? await addPaper(trx, paper) : await changePaper(trx, known, paper);
  await keepAliases(trx, paper, id);
  for (const { source, key } of parts) {
    const row = trx.updateTable('entries').set({ paper: id }).where('source', '=', source);
    await row.where('key', '=', key).execute();
  }
}

/** Its own name, and of the others as many as there is room for. */
async function keepAliases(trx: Trx, paper: KnownPaper, id: number): Promise<void> {
  const rows = await trx.selectFrom('paper_aliases').select('alias').where('paper', '=', id).execute();
  const known = new Set(rows.map(({ alias }) => alias));
  const fresh = paper.aliases.filter((alias) => !known.has(alias));
  const kept = fresh.filter((alias, index) => alias === paper.id || index < MOST_ALIASES - known.size);
  if (kept.length === 0) return;
  await trx
    .insertInto('paper_aliases')
    .values(kept.map((alias) => ({ alias, paper: id })))
    .onConflict((conflict) => conflict.column('alias').doUpdateSet({ paper: id }))
    .execute();
}

/**
 * Takes papers away that turned out to be others under another name; their aliases lead to the other now. Parts that
 * were not read are part of no paper then, until they are merged again.
 */
export async function dropPapers(trx: Trx, papers: readonly number[]): Promise<void> {
  if (papers.length === 0) return;
  await trx.updateTable('entries').set({ paper: null }).where('paper', 'in', papers).execute();
  await trx.deleteFrom('paper_aliases').where('paper', 'in', papers).execute();
  await trx.deleteFrom('papers').where('id', 'in', papers).execute();
}

/** @param alias any id that it is known by */
export async function findPaper(
  db: Db,
  alias: string,
): Promise<{ row: number; paper: KnownPaper } | undefined> {
  const row = await db
    .selectFrom('papers')
    .innerJoin('paper_aliases', 'paper_aliases.paper', 'papers.id')
    .selectAll('papers')
    .where('alias', '=', alias)
    .executeTakeFirst();
  return row && { row: row.id, paper: toPaper(row) };
}

/** In the order of `ids`; what is not there is left out. */
export async function papersOfRows(db: Db, ids: readonly number[]): Promise<Map<number, KnownPaper>> {
  const rows = await db.selectFrom('papers').selectAll().where('id', 'in', ids).execute();
  const byId = new Map(rows.map((row) => [row.id, toPaper(row)]));
  return new Map(ids.flatMap((id) => (byId.has(id) ? [[id, byId.get(id) as KnownPaper]] : [])));
}

/** The published issues that had a paper, newest first. */
export async function issuesOfPaper(db: Db, row: number): Promise<PaperIssue[]> {
  const rows = await db
    .selectFrom('paper_aliases')
    .innerJoin('issue_papers', 'issue_papers.paper_id', 'paper_aliases.alias')
    .innerJoin('issues', 'issues.id', 'issue_papers.issue_id')
    .select(['issues.id', 'issues.date', 'issues.body'])
    .distinct()
    .where('paper_aliases.paper', '=', row)
    .where('issues.kind', '=', 'daily')
    .where('issues.state', 'in', ['frozen', 'done'])
    .orderBy('issues.date', 'desc')
    .limit(10)
    .execute();
  return rows.map(({ date, body }) => ({ date, subject: body === null ? '' : JSON.parse(body).subject }));
}

export async function countPapers(db: Db): Promise<number> {
  const row = await db
    .selectFrom('papers')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

async function addPaper(trx: Trx, paper: KnownPaper): Promise<number> {
  const { id } = await trx
    .insertInto('papers')
    .values(toRow(paper))
    .onConflict((conflict) => conflict.column('paper_id').doUpdateSet(toRow(paper)))
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** What has not changed is not written: the search index would be written with it. */
async function changePaper(trx: Trx, id: number, paper: KnownPaper): Promise<number> {
  const now = toRow(paper);
  const before = await trx.selectFrom('papers').selectAll().where('id', '=', id).executeTakeFirst();
  const same =
    before && Object.entries(now).every(([name, value]) => before[name as keyof typeof now] === value);
  if (same) return id;
  if (before?.paper_id !== paper.id) await absorb(trx, paper.id, id);
  await trx.updateTable('papers').set(now).where('id', '=', id).execute();
  return id;
}

/** Makes room where another row has the name already: it is the same paper. */
async function absorb(trx: Trx, name: string, into: number): Promise<void> {
  const query = trx.selectFrom('papers').select('id').where('paper_id', '=', name);
  const other = await query.executeTakeFirst();
  if (other === undefined) return;
  await trx.updateTable('entries').set({ paper: into }).where('paper', '=', other.id).execute();
  await trx.updateTable('paper_aliases').set({ paper: into }).where('paper', '=', other.id).execute();
  await trx.deleteFrom('papers').where('id', '=', other.id).execute();
}

function toStored(row: Pick<Row<'entries'>, 'body' | 'first_seen_at' | 'paper'>): StoredEntry {
  const entry = { ...(JSON.parse(row.body) as Entry), firstSeenAt: row.first_seen_at };
  return { entry, paper: row.paper };
}

function toRow(paper: KnownPaper) {
  return {
    paper_id: paper.id,
    day: paper.day,
    first_seen_at: paper.firstSeenAt,
    title: paper.title,
    abstract: paper.abstract,
    authors: JSON.stringify(paper.authors),
    categories: JSON.stringify(paper.categories),
    organization: paper.organization ?? '',
    ids: JSON.stringify(paper.ids),
    links: JSON.stringify(paper.links),
    sources: JSON.stringify(paper.sources),
  };
}

function toPaper(row: Row<'papers'>): KnownPaper {
  return {
    id: row.paper_id,
    aliases: [row.paper_id],
    ids: JSON.parse(row.ids),
    title: row.title,
    abstract: row.abstract,
    authors: JSON.parse(row.authors),
    links: JSON.parse(row.links),
    categories: JSON.parse(row.categories),
    ...(row.organization && { organization: row.organization }),
    sources: JSON.parse(row.sources),
    day: row.day,
    firstSeenAt: row.first_seen_at,
  };
}
