import { isPostgres } from '../db/dialect.ts';
import { readMarks } from '../db/marks.ts';
import type { Db } from '../db/schema.ts';
import { type FoundPaper, type KnownPaper, MOST_FOUND, type SearchResult } from '../domain/known-paper.ts';
import { hasTerms, type PaperQuery } from '../domain/paper-query.ts';
import { findPaper, papersOfRows } from './papers-table.ts';
import type { SearchEngine, SearchPage } from './search-engine.ts';
import { postgresSearch } from './search-postgres.ts';
import { sqliteSearch } from './search-sqlite.ts';

const EXCERPT = 320;
/** A word that more papers have says little about any of them. */
const COMMON = 2000;
const WORDS_LOOKED_AT = 60;
const WORDS_COMPARED = 12;

export async function searchPapers(db: Db, query: PaperQuery, page: SearchPage): Promise<SearchResult> {
  const engine = engineOf(db);
  if (!hasTerms(query)) return newestPapers(db, query, page);
  const { rows, total } = await engine.find(db, query, page);
  const papers = await papersOfRows(db, rows);
  const marked = new Map((await engine.mark(db, query, rows)).map((mark) => [mark.row, mark]));
  const found = [...papers].map(([row, paper]): FoundPaper => {
    const { title = paper.title, excerpt = paper.abstract } = marked.get(row) ?? {};
    return { paper, title: readMarks(title), excerpt: readMarks(excerpt) };
  });
  return { found, total };
}

/** Whether Postgres has ended a search that took too long (SQLSTATE 57014). */
export function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014';
}

/** Papers that share the most telling words with one; nothing for a paper that nobody knows. */
export async function similarPapers(db: Db, alias: string, limit: number): Promise<KnownPaper[]> {
  const known = await findPaper(db, alias);
  if (known === undefined) return [];
  const words = await tellingWords(db, known.paper);
  if (words.length === 0) return [];
  const rows = await engineOf(db).likest(db, words, known.row, limit);
  return [...(await papersOfRows(db, rows)).values()];
}

/** How many papers have each of some words, at most `COMMON`: what a search without a result can say. */
export async function countWords(
  db: Db,
  words: readonly string[],
): Promise<{ readonly word: string; readonly count: number }[]> {
  const engine = engineOf(db);
  const counted: { word: string; count: number }[] = [];
  for (const word of words) counted.push({ word, count: await engine.countOf(db, word, COMMON) });
  return counted;
}

function engineOf(db: Db): SearchEngine {
  return isPostgres(db) ? postgresSearch : sqliteSearch;
}

/** Of what a paper speaks: the rarest of its words that at least one other paper has too. */
async function tellingWords(db: Db, { title, abstract }: KnownPaper): Promise<string[]> {
  const all = `${title} ${abstract}`.toLowerCase().match(/[\p{L}\p{N}\p{M}]{4,}/gu) ?? [];
  const words = [...new Set(all)].slice(0, WORDS_LOOKED_AT);
  const counted = await countWords(db, words);
  return counted
    .filter(({ count }) => count > 1 && count < COMMON)
    .sort((left, right) => left.count - right.count)
    .slice(0, WORDS_COMPARED)
    .map(({ word }) => word);
}

/** All papers, or those of some days, the newest first: there is nothing to fit better or worse. */
async function newestPapers(db: Db, query: PaperQuery, page: SearchPage): Promise<SearchResult> {
  const { first = '', last = '9', not } = query;
  let papers = db.selectFrom('papers').where('day', '>=', first).where('day', '<=', last);
  if (not.length > 0) papers = papers.where(engineOf(db).lacks(not));
  const rows = await papers
    .select('id')
    .orderBy('day', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute();
  const { total } = await db
    .selectFrom(papers.select('id').limit(MOST_FOUND).as('some'))
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const known = await papersOfRows(
    db,
    rows.map((row) => row.id),
  );
  return { found: [...known.values()].map(unmarked), total: Number(total) };
}

function unmarked(paper: KnownPaper): FoundPaper {
  const { title, abstract } = paper;
  const short =
    abstract.length > EXCERPT ? `${abstract.slice(0, EXCERPT).replace(/\s+\S*$/u, '')} …` : abstract;
  return { paper, title: readMarks(title), excerpt: readMarks(short) };
}
