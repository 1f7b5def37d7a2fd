import { expect, test } from 'vitest';
import { DAY } from '../../src/domain/time.ts';
import { forgetAside, listAside, saveSetAside } from '../../src/ledger/set-aside-table.ts';
import { leaveUnmerged, unmergedEntries } from '../../src/papers/paper-parts.ts';
import { saveEntries } from '../../src/sources/entries-table.ts';
import { FROZEN, makeEntry } from '../support/makers.ts';
import { memoryStore } from '../support/store.ts';

const SLICE = { count: 5, size: 10_000 };
const BAD = { kind: 'entry', ref: 'rss:a 17', reason: 'its row cannot be read' };

test('what is set aside is news once, stays as long as it is met, and is forgotten then', async () => {
  const { db } = await memoryStore();
  expect(await saveSetAside(db, [BAD], FROZEN)).toEqual([BAD]);
  expect(await saveSetAside(db, [BAD, { ...BAD, ref: 'rss:a 18' }], FROZEN + DAY)).toEqual([
    { ...BAD, ref: 'rss:a 18' },
  ]);
  expect(await listAside(db, 10)).toEqual([
    { ...BAD, seenAt: FROZEN + DAY },
    { ...BAD, ref: 'rss:a 18', seenAt: FROZEN + DAY },
  ]);
  await forgetAside(db, FROZEN + DAY);
  expect(await listAside(db, 10)).toHaveLength(2);
  await forgetAside(db, FROZEN + 2 * DAY);
  expect(await listAside(db, 10)).toEqual([]);
});

test('an entry that was set aside is tried once more when it is forgotten', async () => {
  const { db } = await memoryStore();
  await saveEntries(db, [makeEntry({ source: 'rss:a', key: '17' })], FROZEN);
  await db.transaction().execute(async (trx) => {
    await leaveUnmerged(trx, [{ source: 'rss:a', key: '17' }]);
    expect(await unmergedEntries(trx, SLICE)).toEqual([]);
  });
  await saveSetAside(db, [BAD], FROZEN);
  await forgetAside(db, FROZEN + DAY);
  await db.transaction().execute(async (trx) => expect(await unmergedEntries(trx, SLICE)).toHaveLength(1));
});
