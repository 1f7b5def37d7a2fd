import type { Db, Row, Trx } from '../db/schema.ts';
import { storedAddresses, storedStrings } from '../db/stored.ts';
import { parseDay } from '../domain/day.ts';
import { PUBLISHED_STATES } from '../domain/issue.ts';
import type { KnownPaper, PaperIssue } from '../domain/known-paper.ts';
import type { EntryKey } from './paper-parts.ts';

/** No work has so many names. */
const MOST_ALIASES = 100;

/** The rows of the papers that any of these aliases names. */
export async function papersCalled(db: Db, aliases: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.selectFrom('paper_aliases').selectAll().where('alias', 'in', aliases).execute();
  return new Map(rows.map((row) => [row.alias, row.paper]));
}

/**
 * Writes what a paper is now, and that these entries are its parts.
 * @param known its row, when it has one
 */
export async function savePaper(
  trx: Trx,
  paper: KnownPaper,
  known: number | undefined,
  parts: readonly EntryKey[],
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
    .where('issues.state', 'in', PUBLISHED_STATES)
    .orderBy('issues.date', 'desc')
    .limit(10)
    .execute();
  return rows.map(({ date, subject }) => ({ date, subject }));
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
