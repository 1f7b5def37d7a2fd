import fc from 'fast-check';
import { expect, test } from 'vitest';
import { archivableIssues, archiveSlice, packIds } from '../../src/ledger/archive-table.ts';
import { booksOf } from '../../src/ledger/books.ts';
import { enrollSubscribers, memoryStore, planIssue } from '../support/store.ts';

/** Each number is the step from the id before it, in base 36. */
function unpacked(from: number, packed: string): number[] {
  let last = from;
  return packed.split(' ').map((step) => {
    last += Number.parseInt(step, 36);
    return last;
  });
}

test('ids are packed and read again as they were', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 2_000_000 }), { minLength: 1 });
  fc.assert(
    fc.property(ids, (unsorted) => {
      const sorted = unsorted.toSorted((a, b) => a - b);
      const from = sorted[0] ?? 0;
      expect(unpacked(from, packIds(from, sorted))).toEqual(sorted);
    }),
  );
});

test('a folded issue has the same books at every step, and who had it is known', async () => {
  const { db } = await memoryStore();
  const subscribers = await enrollSubscribers(db, 25);
  const id = await planIssue(db, subscribers);
  await db.updateTable('deliveries').set({ state: 'accepted', reply: '250', settled_at: 1 }).execute();
  await db
    .updateTable('deliveries')
    .set({ state: 'failed' })
    .where('subscriber_id', '=', subscribers[4] ?? 0)
    .execute();
  await db.updateTable('issues').set({ state: 'done' }).execute();
  await db
    .updateTable('deliveries')
    .set({ picks: 'own' })
    .where('subscriber_id', '=', subscribers[7] ?? 0)
    .execute();
  const before = await booksOf(db, id);
  expect((await archivableIssues(db, Number.MAX_SAFE_INTEGER)).map((issue) => issue.id)).toEqual([id]);
  for (let folded = 10; folded === 10; ) {
    folded = await db.transaction().execute((trx) => archiveSlice(trx, id, 10));
    expect(await booksOf(db, id)).toEqual(before);
  }
  expect(await db.selectFrom('deliveries').select('subscriber_id').execute()).toEqual([
    { subscriber_id: subscribers[7] },
  ]);
  expect(await archivableIssues(db, Number.MAX_SAFE_INTEGER)).toEqual([]);
  const rows = await db.selectFrom('folded_readers').select(['first_id', 'readers']).execute();
  const archived = rows.flatMap((row) => unpacked(row.first_id, row.readers));
  expect(archived).toHaveLength(23);
  expect(archived).not.toContain(subscribers[4]);
});
