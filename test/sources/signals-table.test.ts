import { expect, test } from 'vitest';
import type { PaperSignal } from '../../src/domain/entry.ts';
import { latestSignals, saveSignals } from '../../src/sources/signals-table.ts';
import { FROZEN } from '../support/makers.ts';
import { memoryStore } from '../support/store.ts';

const PAPER = 'arxiv:2608.00001';

function signal(value: number, change: Partial<PaperSignal> = {}): PaperSignal {
  return { paperId: PAPER, source: 'github', name: 'stars', value, seenAt: FROZEN, ...change };
}

test('a reading is kept where the value is not the last one, and growth is known', async () => {
  const { db } = await memoryStore();
  const values = [5, 5, 7, 7, 5];
  const kept: number[] = [];
  for (const [index, value] of values.entries())
    kept.push(await saveSignals(db, [signal(value, { seenAt: FROZEN + index })]));
  expect(kept).toEqual([1, 0, 1, 0, 1]);
  const rows = await db.selectFrom('signals').select(['value', 'seen_at']).orderBy('seen_at').execute();
  expect(rows.map(({ value, seen_at }) => [value, seen_at - FROZEN])).toEqual([
    [5, 0],
    [7, 2],
    [5, 4],
  ]);
});

test('zero is a value, and nothing is none', async () => {
  const { db } = await memoryStore();
  expect(await latestSignals(db, [PAPER])).toEqual([]);
  expect(await saveSignals(db, [signal(0)])).toBe(1);
  expect(await saveSignals(db, [signal(0, { seenAt: FROZEN + 1 })])).toBe(0);
  expect(await latestSignals(db, [PAPER])).toEqual([signal(0)]);
});

test('the newest of each source and name is given, of the asked papers and sources only', async () => {
  const { db } = await memoryStore();
  const news = signal(40, { source: 'hackernews', name: 'points' });
  await saveSignals(db, [signal(5), news, signal(9, { paperId: 'doi:10.9999/two' })]);
  await saveSignals(db, [signal(6, { seenAt: FROZEN + 1 })]);
  expect(await latestSignals(db, [PAPER])).toEqual([signal(6, { seenAt: FROZEN + 1 }), news]);
  expect(await latestSignals(db, [PAPER], ['hackernews'])).toEqual([news]);
  expect(await latestSignals(db, [PAPER], [])).toEqual([]);
  expect(await latestSignals(db, [])).toEqual([]);
});

test('may be many at once', async () => {
  const { db } = await memoryStore();
  const many = Array.from({ length: 2500 }, (_, index) => signal(index, { paperId: `title:${index}` }));
  expect(await saveSignals(db, many)).toBe(2500);
  expect(await saveSignals(db, many)).toBe(0);
  const ids = many.map(({ paperId }) => paperId);
  expect(await latestSignals(db, ids)).toHaveLength(2500);
});
