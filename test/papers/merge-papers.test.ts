import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
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

async function keep(db: Db, ...entries: Partial<Entry>[]): Promise<number> {
  await saveEntries(db, entries.map(makeEntry), FROZEN);
  return (await mergePapers(db)).count;
}

describe('papers are remembered', () => {
  test('merged over their sources, whichever order they come in, and found by each of their ids', async () => {
    const { db } = await memoryStore();
    await keep(db, { source: 'rss:a', key: 'a', ids: { doi: '10.1000/tide' }, title: 'Tide', abstract: '' });
    await keep(db, { source: 'arxiv:cs.CL', key: 'b', ids: { arxiv: '2608.00007' }, title: TIDE });
    expect(await countPapers(db)).toBe(2);
    const both = { arxiv: '2608.00007', doi: '10.1000/tide' };
    await keep(db, {
      source: 'openalex:x',
      key: 'c',
      ids: both,
      title: TIDE,
      abstract: 'Longer than all the others, by far, and made of more than one sentence.',
    });
    expect(await countPapers(db)).toBe(1);
    const paper = (await findPaper(db, 'doi:10.1000/tide'))?.paper;
    expect(paper).toEqual((await findPaper(db, 'arxiv:2608.00007'))?.paper);
    expect(paper?.sources.toSorted()).toEqual(['arxiv:cs.CL', 'openalex:x', 'rss:a']);
    expect(paper).toMatchObject({
      id: 'arxiv:2608.00007',
      abstract: 'Longer than all the others, by far, and made of more than one sentence.',
    });
  });

  test('once, however often they are read', async () => {
    const { db } = await memoryStore();
    expect(await keep(db, { title: TIDE })).toBe(1);
    expect(await keep(db, { title: TIDE })).toBe(0);
    expect(await keep(db, { title: `${TIDE}, again` })).toBe(1);
    expect(await countPapers(db)).toBe(1);
    expect((await findPaper(db, 'arxiv:2608.00001'))?.paper.title).toBe(`${TIDE}, again`);
  });

  test('as one however many entries name it, with as many names as papers have', async () => {
    const { db } = await memoryStore();
    const entries = Array.from({ length: 230 }, (_, index) => ({
      source: `rss:${index % 2}`,
      key: `${index}`,
      ids: { doi: '10.9999/one' },
      title: `${TIDE} ${index}`,
      abstract: index === 7 ? 'The longest abstract of all the entries of this paper.' : '',
    }));
    expect(await keep(db, ...entries)).toBe(230);
    expect(await keep(db, { key: 'late', ids: { doi: '10.9999/one' }, title: `${TIDE} late` })).toBe(1);
    expect(await countPapers(db)).toBe(1);
    const rows = await db.selectFrom('entries').select('paper').distinct().execute();
    expect(rows).toHaveLength(1);
    const aliases = await db.selectFrom('paper_aliases').selectAll().execute();
    expect(aliases.length).toBeLessThanOrEqual(101);
  });

  test('also those that were read before there was a place for papers', async () => {
    const { db } = await memoryStore();
    const entries = Array.from({ length: 173 }, (_, index) =>
      makeEntry({ key: `${index}`, ids: { arxiv: `2608.${index}` }, title: `${TIDE} ${index}` }),
    );
    await saveEntries(db, entries, FROZEN);
    expect(await mergePapers(db)).toEqual({ count: 173, setAside: [] });
    expect(await countPapers(db)).toBe(173);
  });
});

describe('an entry that cannot be merged', () => {
  const good = (n: number) => ({
    source: 'rss:a',
    key: `good-${n}`,
    ids: { doi: `10.1000/${n}` },
    title: `${TIDE} ${n}`,
  });

  test('since its row cannot be read is left out, and all others are papers', async () => {
    const { db } = await memoryStore();
    await saveEntries(
      db,
      Array.from({ length: 120 }, (_, n) => makeEntry(good(n))),
      FROZEN,
    );
    await db.updateTable('entries').set({ body: '{' }).where('key', '=', 'good-60').execute();
    const { setAside } = await mergePapers(db);
    expect(setAside).toEqual([{ kind: 'entry', ref: 'rss:a good-60', reason: 'its row cannot be read' }]);
    expect(await countPapers(db)).toBe(119);
    expect(await mergePapers(db)).toEqual({ count: 0, setAside: [] });
    expect(await keep(db, good(60))).toBe(1);
    expect(await countPapers(db)).toBe(120);
  });

  onSqlite('since its name leads to a paper that is gone makes that paper anew', async () => {
    const { db } = await memoryStore();
    await keep(db, good(1));
    await sql`pragma foreign_keys = off`.execute(db);
    await db.deleteFrom('papers').execute();
    expect(await keep(db, { ...good(2), ids: { doi: '10.1000/1' } })).toBe(1);
    expect((await findPaper(db, 'doi:10.1000/1'))?.paper.sources).toEqual(['rss:a']);
  });
});
