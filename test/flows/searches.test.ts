import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import type { Db, Tables } from '../../src/db/schema.ts';
import { savePaper } from '../../src/papers/papers-table.ts';
import { openTestApp } from '../support/app.ts';
import { makePaper } from '../support/makers.ts';
import { openPages } from '../support/pages.ts';

async function openLibrary() {
  const app = await openTestApp();
  const papers = ['1', '2'].map((id) => makePaper({ id: `arxiv:${id}`, title: 'Slow tides' }));
  for (const paper of papers)
    await app.store.db.transaction().execute((trx) => savePaper(trx, paper, undefined, []));
  return app;
}

/** A database that ends each statement with an error. */
function failing(error: Error): Db {
  class Failing extends DummyDriver {
    override async acquireConnection() {
      const connection = await super.acquireConnection();
      return {
        ...connection,
        executeQuery: () => Promise.reject(error),
        streamQuery: connection.streamQuery,
      };
    }
  }
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new Failing(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}

const withSearches = (app: App, searches: Db): App => ({ ...app, store: { ...app.store, searches } });

test('of thirty visitors who search at once some are told to come again, and all other pages answer', async () => {
  await using app = await openLibrary();
  const pages = openPages(app);
  const searches = Array.from({ length: 30 }, () => pages.get('/papers?q=tides'));
  const others = ['/healthz', '/', '/issues', '/papers/arxiv:1'].map((path) => pages.get(path));
  const statuses = (await Promise.all(searches)).map(({ status }) => status);
  expect(Map.groupBy(statuses, (status) => status).get(200)).toHaveLength(22);
  expect(Map.groupBy(statuses, (status) => status).get(503)).toHaveLength(8);
  expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect((await pages.get('/papers?q=tides')).status).toBe(200);
});

test('a search that the server ends is told like one too many, and a paper is shown without those like it', async () => {
  await using app = await openLibrary();
  const ended = Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });
  const pages = openPages(withSearches(app, failing(ended)));
  const search = await pages.get('/papers?q=tides');
  expect([search.status, search.headers.get('retry-after')]).toEqual([503, '5']);
  const paper = await pages.get('/papers/arxiv:1');
  expect([paper.status, paper.text.includes('Similar papers')]).toEqual([200, false]);
  expect(app.logged.join()).not.toContain('a page failed');
});

test('a search that fails is an error, and is logged', async () => {
  await using app = await openLibrary();
  const pages = openPages(withSearches(app, failing(new Error('disk I/O error'))));
  expect((await pages.get('/papers?q=tides')).status).toBe(500);
  expect(app.logged).toContain('a page failed');
});
