import { expect, test } from 'vitest';
import {
  findEmbeddings,
  forgetEmbeddings,
  saveEmbeddings,
  textKey,
} from '../../src/papers/embeddings-table.ts';
import { saveAskedIds, topicsAfter, unknownIds } from '../../src/papers/likes-table.ts';
import { saveEntries, saveFeatures } from '../../src/sources/entries-table.ts';
import { addSubscriber } from '../../src/subscribers/subscribers-table.ts';
import { FROZEN, makeEntry, makeSubscriber } from '../support/makers.ts';
import { memoryStore } from '../support/store.ts';

test('embeddings are found by model and text, replaced when made again, and forgotten when old', async () => {
  const { db } = await memoryStore();
  const key = textKey('A text');
  await saveEmbeddings(db, 'one', new Map([[key, Float32Array.of(3, 4)]]), FROZEN);
  await saveEmbeddings(db, 'one', new Map([[key, Float32Array.of(-5, 0)]]), FROZEN + 2);
  expect(await findEmbeddings(db, 'one', [key, textKey('Another')])).toEqual(
    new Map([[key, Float32Array.of(-1, 0)]]),
  );
  expect((await findEmbeddings(db, 'two', [key])).size).toBe(0);
  await forgetEmbeddings(db, FROZEN + 2);
  expect((await findEmbeddings(db, 'one', [key])).size).toBe(1);
  await forgetEmbeddings(db, FROZEN + 3);
  expect((await findEmbeddings(db, 'one', [key])).size).toBe(0);
});

test('topics are those of active readers who have some, in slices', async () => {
  const { db } = await memoryStore();
  const subscribers = [
    { topics: ['cs.CL'] },
    { topics: [] },
    { topics: ['a'], state: 'pending' as const },
    { topics: ['b'] },
  ];
  for (const [index, subscriber] of subscribers.entries())
    await addSubscriber(db, makeSubscriber({ ...subscriber, email: `r${index}@example.org` }), FROZEN);
  const [first] = await topicsAfter(db, 0, 1);
  expect(first?.topics).toEqual(['cs.CL']);
  expect((await topicsAfter(db, first?.id ?? 0, 10)).map(({ topics }) => topics)).toEqual([['b']]);
});

test('an id is unknown that no entry has, until it was asked for and its time is over', async () => {
  const { db } = await memoryStore();
  await saveEntries(db, [makeEntry({ key: '2608.00001' })], FROZEN);
  const ids = ['2608.00001', '2608.00002', '2608.00003'];
  expect(await unknownIds(db, ids, 0)).toEqual(['2608.00002', '2608.00003']);
  await saveAskedIds(db, ['2608.00002'], FROZEN, 0);
  await saveAskedIds(db, ['2608.00002'], FROZEN + 1, 0);
  expect(await unknownIds(db, ids, FROZEN)).toEqual(['2608.00003']);
  expect(await unknownIds(db, ids, FROZEN + 1)).toEqual(['2608.00002', '2608.00003']);
});

test('features replace what stands with the same text, and leave an entry alone that says something else now', async () => {
  const { db } = await memoryStore();
  const [same, changed] = [makeEntry({ key: 'same' }), makeEntry({ key: 'changed' })];
  await saveEntries(db, [same, { ...changed, title: 'Another title now' }], FROZEN);
  const features = { model: 'm', text: 1, vector: 'v' };
  await saveFeatures(db, [
    { entry: same, features },
    { entry: changed, features },
  ]);
  const rows = await db.selectFrom('entries').select(['key', 'body']).orderBy('key').execute();
  expect(rows.map(({ key, body }) => [key, JSON.parse(body).features])).toEqual([
    ['changed', changed.features],
    ['same', features],
  ]);
});
