import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Db } from '../../src/db/schema.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';
import { countRequest, forgetLimits, type Limit } from '../../src/subscribers/sign-up-limits.ts';
import { FROZEN } from '../support/makers.ts';
import { memoryStore } from '../support/store.ts';

const takeOne = (db: Db, limits: readonly Limit[], now: number) =>
  db.transaction().execute((trx) => countRequest(trx, limits, now));

test('no span of the window ever sees more than the count, whenever and however often somebody asks', async () => {
  const { db } = await memoryStore();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 200 }),
      fc.array(fc.integer({ min: 0, max: 20 * MINUTE }), { minLength: 1, maxLength: 120 }),
      async (count, pauses) => {
        run += 1;
        const limit = { key: `property-${run}`, count, per: HOUR };
        const passed: number[] = [];
        let now = FROZEN;
        for (const pause of pauses) {
          now += pause;
          if ((await takeOne(db, [limit], now)).ok) passed.push(now);
        }
        for (const [index, at] of passed.entries()) {
          const later = passed[index + count];
          if (later !== undefined) expect(later - at).toBeGreaterThanOrEqual(HOUR);
        }
      },
    ),
  );
});

test('a small count is exact: the first moment at which it is told to come back is the first that works', async () => {
  const { db } = await memoryStore();
  const limit = { key: 'a', count: 3, per: DAY };
  for (const at of [0, 5, 9]) expect((await takeOne(db, [limit], FROZEN + at)).ok).toBe(true);
  const full = await takeOne(db, [limit], FROZEN + 100);
  expect(full).toEqual({ ok: false, full: limit, retryAfter: DAY - 100 });
  expect((await takeOne(db, [limit], FROZEN + DAY - 1)).ok).toBe(false);
  expect((await takeOne(db, [limit], FROZEN + DAY)).ok).toBe(true);
});

test('a large count forgets late, by a part of the window, and never early', async () => {
  const { db } = await memoryStore();
  const limit = { key: 'a', count: 640, per: HOUR };
  for (let taken = 0; taken < 640; taken += 1)
    expect((await takeOne(db, [limit], FROZEN + taken * SECOND)).ok).toBe(true);
  expect((await takeOne(db, [limit], FROZEN + HOUR - 1)).ok).toBe(false);
  const full = await takeOne(db, [limit], FROZEN + HOUR - 1);
  const again = FROZEN + HOUR - 1 + (full.ok ? 0 : full.retryAfter);
  expect(again - FROZEN).toBeLessThanOrEqual(HOUR + HOUR / 64);
  expect((await takeOne(db, [limit], again)).ok).toBe(true);
});

test('of several limits all are counted or none', async () => {
  const { db } = await memoryStore();
  const [mine, all] = [
    { key: 'mine', count: 5, per: HOUR },
    { key: 'all', count: 1, per: HOUR },
  ];
  expect((await takeOne(db, [mine, all], FROZEN)).ok).toBe(true);
  for (let asked = 0; asked < 10; asked += 1)
    expect(await takeOne(db, [mine, all], FROZEN + 1)).toMatchObject({ ok: false, full: all });
  for (let left = 0; left < 4; left += 1) expect((await takeOne(db, [mine], FROZEN + 2)).ok).toBe(true);
  expect((await takeOne(db, [mine], FROZEN + 3)).ok).toBe(false);
});

test('a count of nothing lets nothing through', async () => {
  const { db } = await memoryStore();
  expect(await takeOne(db, [{ key: 'a', count: 0, per: HOUR }], FROZEN)).toMatchObject({ ok: false });
});

test('what counts no more is forgotten', async () => {
  const { db } = await memoryStore();
  await takeOne(db, [{ key: 'hour', count: 5, per: HOUR }], FROZEN);
  await takeOne(db, [{ key: 'day', count: 5, per: DAY }], FROZEN);
  await db.transaction().execute((trx) => forgetLimits(trx, FROZEN + 2 * HOUR, 100));
  expect((await db.selectFrom('limits').select('key').execute()).map(({ key }) => key)).toEqual(['day']);
});

test('a refusal writes nothing, however often and about whatever somebody asks', async () => {
  const { db } = await memoryStore();
  const mine = { key: 'mine', count: 1, per: HOUR };
  await takeOne(db, [mine], FROZEN);
  const rows = () => db.selectFrom('limits').selectAll().execute();
  const before = await rows();
  for (let asked = 0; asked < 20; asked += 1) {
    const other = { key: `mailbox ${asked}`, count: 1, per: HOUR, quiet: true } as const;
    expect(await takeOne(db, [mine, other], FROZEN + asked)).toMatchObject({ ok: false, full: mine });
  }
  expect(await rows()).toEqual(before);
});

test('a quiet limit that is full refuses nothing, and lets through no more than its count', async () => {
  const { db } = await memoryStore();
  const mine = { key: 'mine', count: 4, per: HOUR };
  const mailbox = { key: 'mailbox', count: 1, per: HOUR, quiet: true } as const;
  const ask = (after: number) => takeOne(db, [mine, mailbox], FROZEN + after);
  expect(await ask(0)).toEqual({ ok: true, quietlyFull: false });
  for (const after of [1, 2, 3]) expect(await ask(after)).toEqual({ ok: true, quietlyFull: true });
  expect(await ask(4), 'those that came to nothing count for whoever sent them').toMatchObject({
    full: mine,
  });
  expect(await ask(HOUR)).toEqual({ ok: true, quietlyFull: false });
});
