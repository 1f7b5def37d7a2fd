import type { RawBuilder, SqlBool } from 'kysely';
import type { Db } from '../db/schema.ts';
import type { PaperQuery } from '../domain/paper-query.ts';

/** `best`: what fits best, of the newest that fit. `new`: the newest seen first. */
type SearchOrder = 'best' | 'new';

export type SearchPage = { readonly order: SearchOrder; readonly limit: number; readonly offset: number };

/** Finds papers by their words. All that differs between the databases is in the engines. */
export type SearchEngine = {
  /** The rows of a page and how many there are in all, for a query that has terms. */
  readonly find: (db: Db, query: PaperQuery, page: SearchPage) => Promise<RowPage>;
  /** Title and the telling part of the abstract, with marks (`marks.ts`) around what was searched for. */
  readonly mark: (db: Db, query: PaperQuery, rows: readonly number[]) => Promise<MarkedRow[]>;
  /** True of papers that have none of the texts. */
  readonly lacks: (texts: readonly string[]) => RawBuilder<SqlBool>;
  /** How many papers have a word, counted to `most`. */
  readonly countOf: (db: Db, word: string, most: number) => Promise<number>;
  /** The rows that have the most, and the rarest, of the words; without `row`. */
  readonly likest: (db: Db, words: readonly string[], row: number, limit: number) => Promise<number[]>;
};

export type RowPage = { readonly rows: readonly number[]; readonly total: number };
type MarkedRow = { readonly row: number; readonly title: string; readonly excerpt: string };
