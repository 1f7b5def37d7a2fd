import { parseDay } from '../domain/day.ts';
import type { Entry, SeenEntry } from '../domain/entry.ts';
import type { KnownPaper, PaperIssue } from '../domain/known-paper.ts';
import { LIKED } from '../domain/source.ts';
import { isInstant } from '../domain/time.ts';
import type { Db, Row, Trx } from './schema.ts';
import { storedAddresses, storedEntry, storedStrings } from './stored.ts';

/** Stands in `entries.paper` for an entry that is part of none, and is not tried again. */
export const UNMERGED = -1;

/** An entry with its place in the table, so that it can be told which paper it is a part of. */
export type StoredEntry = { readonly entry: SeenEntry; readonly paper: number | null };

/** Which row of `entries` is meant. */
export type EntryKey = Pick<Entry, 'source' | 'key'>;

/**
 * Entries that are part of no paper yet, but for those that only readers' likes have brought, those of the oldest
 * lists first; `entry` is absent of one that cannot be read.
 */
export async function unmergedEntries(
  trx: Trx,
  limit: number,
): Promise<(EntryKey & { readonly entry: SeenEntry | undefined })[]> {
  const query = entries(trx)
    .where('paper', 'is', null)
    .where('source', '<>', LIKED)
    .orderBy('listed_on')
    .orderBy('source')
    .orderBy('key')
    .limit(limit);
  const rows = await query.execute();
  return rows.map((row) => ({ source: row.source, key: row.key, entry: toEntry(row) }));
}

/** Leaves entries out of the papers, until their sources give them otherwise. */
export async function leaveUnmerged(trx: Trx, keys: readonly EntryKey[]): Promise<void> {
  for (const { source, key } of keys) {
    const row = trx.updateTable('entries').set({ paper: UNMERGED }).where('source', '=', source);
    await row.where('key', '=', key).execute();
  }
}

/** Every entry of these papers that can be read. */
export async function entriesOfPapers(trx: Trx, papers: readonly number[]): Promise<StoredEntry[]> {
  const rows = await entries(trx).where('paper', 'in', papers).execute();
  return rows.flatMap((row) => {
    const entry = toEntry(row);
    return entry ? [{ entry, paper: row.paper }] : [];
  });
}

/** Which of the papers are made of at least so many entries. */
export async function papersOfMany(trx: Trx, papers: readonly number[], parts: number): Promise<Set<number>> {
  const rows = await trx
    .selectFrom('entries')
    .select('paper')
    .where('paper', 'in', papers)
    .groupBy('paper')
    .having((e) => e.fn.countAll(), '>=', parts)
    .execute();
  return new Set(rows.flatMap(({ paper }) => paper ?? []));
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
  parts: readonly EntryKey[],
): Promise<void> {
  const id = known === undefined ? await addPaper(trx, paper) : await changePaper(trx, known, paper);
  const aliases = paper.aliases.map((alias) => ({ alias, paper: id }));
  await trx
    .insertInto('paper_aliases')
    .values(aliases)
    .onConflict((conflict) => conflict.column('alias').doUpdateSet({ paper: id }))
    .execute();
  for (const { source, key } of parts) {
    const row = trx.updateTable('entries').set({ paper: id }).where('source', '=', source);
    await row.where('key', '=', key).execute();
  }
}

/** Takes papers away that turned out to be others under another name; their aliases lead to the other now. */
export async function dropPapers(trx: Trx, papers: readonly number[]): Promise<void> {
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
  const paper = row && toPaper(row);
  return paper && { row: row.id, paper };
}

/** In the order of `ids`; what is not there, or cannot be read, is left out. */
export async function papersOfRows(db: Db, ids: readonly number[]): Promise<Map<number, KnownPaper>> {
  const rows = await db.selectFrom('papers').selectAll().where('id', 'in', ids).execute();
  const byId = new Map(rows.map((row) => [row.id, toPaper(row)]));
  return new Map(
    ids.flatMap((id) => {
      const paper = byId.get(id);
      return paper ? [[id, paper]] : [];
    }),
  );
}

/** The published issues that had a paper, newest first. */
export async function issuesOfPaper(db: Db, row: number): Promise<PaperIssue[]> {
  const rows = await db
    .selectFrom('paper_aliases')
    .innerJoin('issue_papers', 'issue_papers.paper_id', 'paper_aliases.alias')
    .innerJoin('issues', 'issues.id', 'issue_papers.issue_id')
    .select(['issues.id', 'issues.date', 'issues.subject'])
    .distinct()
    .where('paper_aliases.paper', '=', row)
    .where('issues.kind', '=', 'daily')
    .where('issues.state', 'in', ['frozen', 'done'])
    .orderBy('issues.date', 'desc')
    .limit(10)
    .execute();
  return rows.map(({ date, subject }) => ({ date, subject }));
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
  // A name may lead to a paper that is gone.
  if (before === undefined) return addPaper(trx, paper);
  const same = Object.entries(now).every(([name, value]) => before[name as keyof typeof now] === value);
  if (same) return id;
  if (before.paper_id !== paper.id) await absorb(trx, paper.id, id);
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

function entries(trx: Trx) {
  return trx.selectFrom('entries').select(['source', 'key', 'body', 'first_seen_at', 'paper']);
}

/** Its row names it, whatever its body says. */
function toEntry(
  row: Pick<Row<'entries'>, 'source' | 'key' | 'body' | 'first_seen_at'>,
): SeenEntry | undefined {
  const { source, key, first_seen_at: firstSeenAt } = row;
  const entry = storedEntry(row.body);
  return entry && isInstant(firstSeenAt) ? { ...entry, source, key, firstSeenAt } : undefined;
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

function toPaper(row: Row<'papers'>): KnownPaper | undefined {
  const [ids, links] = [storedAddresses(row.ids), storedAddresses(row.links)];
  const [authors, categories] = [storedStrings(row.authors), storedStrings(row.categories)];
  const sources = storedStrings(row.sources);
  const day = parseDay(row.day);
  if (!ids || !links || !authors || !categories || !sources || !day) return undefined;
  return {
    id: row.paper_id,
    aliases: [row.paper_id],
    ids,
    title: row.title,
    abstract: row.abstract,
    authors,
    links,
    categories,
    ...(row.organization && { organization: row.organization }),
    sources,
    day,
    firstSeenAt: row.first_seen_at,
  };
}
