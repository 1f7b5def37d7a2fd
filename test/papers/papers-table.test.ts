import { expect, test } from 'vitest';
import type { Db } from '../../src/db/schema.ts';
import type { Entry } from '../../src/domain/entry.ts';
import { mergePapers } from '../../src/papers/merge-papers.ts';
import { findPaper } from '../../src/papers/papers-table.ts';
import { saveEntries } from '../../src/sources/entries-table.ts';
import { onSqlite } from '../support/engine.ts';
import { FROZEN, makeEntry } from '../support/makers.ts';
import { countPapers } from '../support/papers.ts';
import { memoryStore } from '../support/store.ts';

const TIDE = 'Saltmarsh: How Small Models Remember the Tide';

/** Reads them one after another, as on different days. */
async function read(db: Db, ...entries: Partial<Entry>[]): Promise<void> {
  for (const entry of entries) {
    await saveEntries(db, [makeEntry({ source: 'rss:lab', ...entry })], FROZEN);
    expect((await mergePapers(db)).setAside).toEqual([]);
  }
}

test('a preprint and its journal version are one paper, whichever comes first', async () => {
  const { db } = await memoryStore();
  for (const [title, first, second] of [
    [`${TIDE} One`, '10.1101/2026.11.20.612341', '10.7554/made.1'],
    [`${TIDE} Two`, '10.7554/made.2', '10.1101/2026.11.20.612342'],
  ] as const)
    await read(
      db,
      { key: first, ids: { doi: first }, title },
      { key: second, ids: { doi: second }, title, source: 'rss:other' },
    );
  expect(await countPapers(db)).toBe(2);
  for (const number of [1, 2]) {
    const found = await findPaper(db, `doi:10.1101/2026.11.20.61234${number}`);
    expect(found?.paper.id).toBe(`doi:10.7554/made.${number}`);
  }
});

onSqlite(
  'a title that comes again without an id is another paper each time, and one with an id takes in its post',
  async () => {
    const { db } = await memoryStore();
    const week = (number: number) => ({
      key: `${number}`,
      ids: {},
      title: 'Reading group: the papers of this week',
      links: { abstract: `https://lab.example/${number}` },
    });
    await read(db, week(47), week(48), week(49));
    expect(await countPapers(db)).toBe(3);
    const post = { key: 'b', ids: {}, title: TIDE, links: { abstract: 'https://blog.example/b' } };
    await read(db, post, { source: 'arxiv:cs.CL', key: 'a', ids: { arxiv: '2608.00007' }, title: TIDE });
    expect(await countPapers(db)).toBe(4);
  },
);
