import { type RawBuilder, sql } from 'kysely';
import { END, HIT } from '../db/marks.ts';
import type { Db } from '../db/schema.ts';
import { MOST_FOUND } from '../domain/known-paper.ts';
import type { PaperQuery } from '../domain/paper-query.ts';
import type { RowPage, SearchEngine, SearchPage } from './search-engine.ts';

const TITLE_MARKS = `StartSel=${HIT}, StopSel=${END}, HighlightAll=true`;
const EXCERPT_MARKS = `StartSel=${HIT}, StopSel=${END}, MinWords=30, MaxWords=48`;

/** Postgres' `tsvector`: title (A) and abstract (B) by English stems, authors (C) and categories (D) as written. */
export const postgresSearch: SearchEngine = {
  find,
  mark: async (db, query, rows) => {
    if (rows.length === 0) return [];
    const wanted = matchOf(query);
    const marked = await sql<{ row: number; title: string; excerpt: string }>`
      select id as "row", ts_headline('english', title, ${wanted}, ${TITLE_MARKS}) as title,
        ts_headline('english', abstract, ${wanted}, ${EXCERPT_MARKS}) as excerpt
      from papers where id in (${sql.join(rows)})`.execute(db);
    return marked.rows;
  },
  lacks: (texts) => sql`not (papers.search @@ (${sql.join(texts.map(anywhere), sql` || `)}))`,
  countOf: async (db, word, most) => {
    const counted = await sql<{ count: number }>`
      select count(*)::integer as count from
        (select 1 from papers where search @@ plainto_tsquery('english', ${word}) limit ${most}) as counted`.execute(
      db,
    );
    return counted.rows[0]?.count ?? 0;
  },
  likest: async (db, words, row, limit) => {
    const any = sql.join(
      words.map((word) => sql`plainto_tsquery('english', ${word})`),
      sql` || `,
    );
    const found = await sql<{ id: number }>`
      with hits as materialized (
        select id, ts_rank(search, (${any})) as score from papers
        where search @@ (${any}) order by id desc limit ${MOST_FOUND})
      select id from hits where id <> ${row} order by score desc, id desc limit ${limit}`.execute(db);
    return found.rows.map(({ id }) => id);
  },
};

async function find(db: Db, query: PaperQuery, { order, limit, offset }: SearchPage): Promise<RowPage> {
  const { first = '', last = '9' } = query;
  const wanted = matchOf(query);
  const score = order === 'best' ? sql`ts_rank(search, ${wanted})` : sql`0`;
  const found = await sql<{ id: number; total: number }>`
    with hits as materialized (
      select id, ${score} as score from papers
      where search @@ ${wanted} and day between ${first} and ${last}
      order by id desc limit ${MOST_FOUND})
    select id, (count(*) over ())::integer as total from hits
    order by score desc, id desc limit ${limit} offset ${offset}`.execute(db);
  return { rows: found.rows.map(({ id }) => id), total: found.rows[0]?.total ?? 0 };
}

function matchOf({ words, phrases, authors, categories, not }: PaperQuery): RawBuilder<unknown> {
  const wanted = [
    ...words.map(anywhere),
    ...phrases.map(anywhere),
    ...authors.map((name) => lexemes(name, 'C')),
    ...categories.map((name) => sql`to_tsquery('simple', ${`'${name.replace(/['\\]/g, ' ')}':*D`})`),
    ...not.map((text) => sql`!! (${anywhere(text)})`),
  ];
  return sql`(${sql.join(wanted, sql` && `)})`;
}

/** A text in English or as it is written, which names are; words that mean nothing ("the") ask for nothing. */
function anywhere(text: string): RawBuilder<unknown> {
  const english = sql`phraseto_tsquery('english', ${text})`;
  const written = sql`phraseto_tsquery('simple', ${text})`;
  return sql`(case when numnode(${english}) = 0 then ''::tsquery else ${english} || ${written} end)`;
}

function lexemes(text: string, weight: 'C'): RawBuilder<unknown> {
  const words = text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return sql`to_tsquery('simple', ${words.map((word) => `'${word}':${weight}`).join(' <-> ')})`;
}
