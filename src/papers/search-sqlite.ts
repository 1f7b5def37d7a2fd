import { sql } from 'kysely';
import { END, HIT } from '../db/marks.ts';
import type { Db } from '../db/schema.ts';
import { MOST_FOUND } from '../domain/known-paper.ts';
import type { PaperQuery } from '../domain/paper-query.ts';
import type { RowPage, SearchEngine, SearchPage } from './search-engine.ts';

const ELLIPSIS = ' … ';
const EXCERPT_WORDS = 48;
/** What a hit is worth in the title, the abstract, an author's name and a category. */
const WEIGHTS = sql.raw('8.0, 1.0, 4.0, 2.0');

/** SQLite's FTS5. Every term is quoted, so nothing that is typed can be a mistake of syntax. */
export const sqliteSearch: SearchEngine = {
  find,
  mark: async (db, query, rows) => {
    if (rows.length === 0) return [];
    const marked = await sql<{ row: number; title: string; excerpt: string }>`
      select rowid as "row", highlight(papers_fts, 0, ${HIT}, ${END}) as title,
        snippet(papers_fts, 1, ${HIT}, ${END}, ${ELLIPSIS}, ${sql.lit(EXCERPT_WORDS)}) as excerpt
      from papers_fts where papers_fts match ${matchOf(query)} and rowid in (${sql.join(rows)})`.execute(db);
    return marked.rows;
  },
  lacks: (texts) =>
    sql`papers.id not in (select rowid from papers_fts where papers_fts match ${texts.map(quoted).join(' OR ')})`,
  countOf: async (db, word, most) => {
    const counted = await sql<{ count: number }>`
      select count(*) as count from
        (select 1 from papers_fts where papers_fts match ${quoted(word)} limit ${most})`.execute(db);
    return counted.rows[0]?.count ?? 0;
  },
  likest: async (db, words, row, limit) => {
    const match = `{title abstract} : (${words.map(quoted).join(' OR ')})`;
    const found = await sql<{ id: number }>`
      with hits as materialized (
        select rowid as id, bm25(papers_fts, ${WEIGHTS}) as score
        from papers_fts where papers_fts match ${match} order by rowid desc limit ${MOST_FOUND})
      select id from hits where id <> ${row} order by score, id desc limit ${limit}`.execute(db);
    return found.rows.map(({ id }) => id);
  },
};

async function find(db: Db, query: PaperQuery, { order, limit, offset }: SearchPage): Promise<RowPage> {
  const { first = '', last = '9' } = query;
  const score = order === 'best' ? sql`bm25(papers_fts, ${WEIGHTS})` : sql`0`;
  const found = await sql<{ id: number; total: number }>`
    with days as materialized (
      select min(id) as lowest, max(id) as highest from papers where day between ${first} and ${last}),
    hits as materialized (
      select papers_fts.rowid as id, ${score} as score
      from papers_fts
      where papers_fts match ${matchOf(query)} ${query.first || query.last ? ofDays(first, last) : sql``}
      order by papers_fts.rowid desc limit ${MOST_FOUND})
    select id, count(*) over () as total from hits
    order by score, id desc limit ${limit} offset ${offset}`.execute(db);
  return { rows: found.rows.map(({ id }) => id), total: found.rows[0]?.total ?? 0 };
}

/** Rows come in nearly the order of their days, so that their bounds spare most of the looking. */
function ofDays(first: string, last: string) {
  return sql`
    and papers_fts.rowid between (select lowest from days) and (select highest from days)
    and (select day from papers where id = papers_fts.rowid) between ${first} and ${last}`;
}

function matchOf({ words, phrases, authors, categories, not }: PaperQuery): string {
  const wanted = [
    ...words.map(quoted),
    ...phrases.map(quoted),
    ...authors.map((name) => `authors : ${quoted(name)}`),
    ...categories.map((name) => `categories : ${quoted(name)}`),
  ];
  const match = `(${wanted.join(' AND ')})`;
  return not.length > 0 ? `${match} NOT (${not.map(quoted).join(' OR ')})` : match;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
