import { expect, test } from 'vitest';
import type { Db } from '../../../src/db/schema.ts';
import type { Entry } from '../../../src/domain/entry.ts';
import {
  findByKeys,
  knownLibraries,
  libraryOf,
  librarySize,
  replaceLibrary,
} from '../../../src/papers/library/library-table.ts';
import { mergePapers } from '../../../src/papers/merge-papers.ts';
import { saveEntries } from '../../../src/sources/entries-table.ts';
import { FROZEN, makeEntry } from '../../support/makers.ts';
import { memoryStore } from '../../support/store.ts';

async function read(db: Db, ...entries: Partial<Entry>[]): Promise<void> {
  const made = entries.map((entry) => makeEntry({ source: 'rss:lab', ...entry }));
  await saveEntries(db, made, FROZEN);
  await mergePapers(db);
}

function replace(db: Db, id: number, entries: readonly (readonly string[])[]): Promise<void> {
  return db.transaction().execute((trx) => replaceLibrary(trx, id, { entries }));
}

test('of a library the 200 newest papers that we know are used, each under one key', async () => {
  const { db } = await memoryStore();
  const days = Array.from({ length: 205 }, (_, index) => {
    const day = new Date(Date.parse('2025-01-01T00:00:00Z') + index * 86_400_000);
    const doi = `10.5555/lamps.${index}`;
    return {
      key: doi,
      ids: { doi },
      title: `Lamps of the tidal garden ${index}`,
      listedOn: day.toISOString().slice(0, 10),
    };
  });
  await read(db, ...days);
  await read(db, {
    key: 'both',
    ids: { doi: '10.5555/both', arxiv: '2608.00001' },
    title: 'One paper of two names',
  });
  await replace(db, 7, [
    ...days.map(({ ids }) => [`doi:${ids.doi}`]),
    ['doi:10.5555/both', 'arxiv:2608.00001'],
    ['doi:10.5555/unknown'],
  ]);
  const used = (await knownLibraries(db, [6, 7])).get(7) ?? [];
  expect(used).toHaveLength(200);
  expect(used.filter((key) => /both|2608/.test(key))).toEqual(['arxiv:2608.00001']);
  expect(used).not.toContain('doi:10.5555/lamps.0');
  expect(await librarySize(db, 7)).toEqual({ papers: 207, known: 206 });
  expect(await librarySize(db, 6)).toEqual({ papers: 0, known: 0 });
});

test('a library replaces the one before and no other, and a paper counts as soon as a source brings it', async () => {
  const { db } = await memoryStore();
  await replace(db, 1, [['doi:10.5555/old']]);
  await replace(db, 2, [['doi:10.5555/old']]);
  await replace(db, 1, [[], ['doi:10.5555/new'], ['doi:10.5555/new', 'arxiv:2608.00002']]);
  expect(await libraryOf(db, 1)).toEqual(['arxiv:2608.00002', 'doi:10.5555/new']);
  expect(await libraryOf(db, 2)).toEqual(['doi:10.5555/old']);
  expect(await knownLibraries(db, [1, 2])).toEqual(new Map());
  await read(db, { key: 'new', ids: { doi: '10.5555/new' }, title: 'A lamp that came later' });
  expect(await knownLibraries(db, [1, 2])).toEqual(new Map([[1, ['doi:10.5555/new']]]));
  expect(await findByKeys(db, ['doi:10.5555/new', 'doi:10.5555/old'])).toMatchObject([
    { id: 'doi:10.5555/new', title: 'A lamp that came later' },
  ]);
});
