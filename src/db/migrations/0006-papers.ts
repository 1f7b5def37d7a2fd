import { type Kysely, sql } from 'kysely';
import { isPostgres } from '../dialect.ts';

/** All papers ever seen, merged over their entries, and what finds them by their words. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await papers(db);
  // Null: still to be merged into a paper; so every entry that was there before is.
  await db.schema.alterTable('entries').addColumn('paper', 'integer').execute();
  await db.schema.createIndex('entries_by_paper').on('entries').columns(['paper', 'listed_on']).execute();
  // Pages ask for the newest issue and for pages of them; the rows are large, so they are not sorted.
  await db.schema
    .createIndex('issues_newest')
    .on('issues')
    .columns(['kind', 'sample', 'frozen_at desc'])
    .execute();
  await db.schema.createIndex('issues_by_date').on('issues').columns(['sample', 'date']).execute();
  // What a reader searched for before they signed up.
  await db.schema
    .alterTable('signups')
    .addColumn('topics', 'text', (c) => c.notNull().defaultTo('[]'))
    .execute();
  await (isPostgres(db) ? postgresSearch(db) : sqliteSearch(db));
}

async function papers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('papers')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('paper_id', 'text', (c) => c.notNull().unique())
    .addColumn('day', 'text', (c) => c.notNull())
    .addColumn('first_seen_at', 'bigint', (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('abstract', 'text', (c) => c.notNull())
    .addColumn('authors', 'text', (c) => c.notNull())
    .addColumn('categories', 'text', (c) => c.notNull())
    .addColumn('organization', 'text', (c) => c.notNull())
    .addColumn('ids', 'text', (c) => c.notNull())
    .addColumn('links', 'text', (c) => c.notNull())
    .addColumn('sources', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('papers_by_day').on('papers').columns(['day', 'id']).execute();
  await db.schema
    .createTable('paper_aliases')
    .addColumn('alias', 'text', (c) => c.primaryKey())
    .addColumn('paper', 'integer', (c) => c.notNull().references('papers.id'))
    .execute();
  await db.schema.createIndex('paper_aliases_by_paper').on('paper_aliases').columns(['paper']).execute();
}

/** The index keeps no text of its own: it reads the table, and triggers keep it true. */
async function sqliteSearch(db: Kysely<unknown>): Promise<void> {
  const forget = `insert into papers_fts (papers_fts, rowid, title, abstract, authors, categories)
    values ('delete', old.id, old.title, old.abstract, old.authors, old.categories);`;
  const learn = `insert into papers_fts (rowid, title, abstract, authors, categories)
    values (new.id, new.title, new.abstract, new.authors, new.categories);`;
  const statements = [
    `create virtual table papers_fts using fts5 (title, abstract, authors, categories,
      content = 'papers', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2')`,
    `create trigger papers_added after insert on papers begin ${learn} end`,
    `create trigger papers_removed after delete on papers begin ${forget} end`,
    `create trigger papers_changed after update of title, abstract, authors, categories on papers
      begin ${forget} ${learn} end`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

async function postgresSearch(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `alter table papers add column search tsvector generated always as (
        setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', abstract), 'B') ||
        setweight(to_tsvector('simple', authors), 'C') || setweight(to_tsvector('simple', categories), 'D')) stored`,
    )
    .execute(db);
  await sql.raw('create index papers_by_text on papers using gin (search)').execute(db);
}
