import { describe, expect, test } from 'vitest';
import type { Suppression } from '../../src/domain/suppression.ts';
import {
  findSuppression,
  findSuppressions,
  lift,
  suppress,
} from '../../src/subscribers/suppressions-table.ts';
import { FROZEN } from '../support/makers.ts';
import { memoryStore } from '../support/store.ts';

const DEAD: Suppression = { reason: 'hard', since: FROZEN, source: 'smtp', reply: '550 5.1.1 no such user' };

describe('the suppression of an address', () => {
  test('is found by the address in whatever case, and does not hold it', async () => {
    const { db } = await memoryStore();
    await db.transaction().execute((trx) => suppress(trx, 'Ada@example.org', DEAD));
    expect(await findSuppression(db, 'ada@EXAMPLE.org')).toEqual(DEAD);
    expect(await findSuppression(db, 'eve@example.org')).toBeUndefined();
    const rows = await db.selectFrom('suppressions').selectAll().execute();
    expect(JSON.stringify(rows).toLowerCase()).not.toContain('ada');
  });

  test('is replaced by a newer one, and gone when it is lifted', async () => {
    const { db } = await memoryStore();
    const left: Suppression = { reason: 'unsubscribed', since: FROZEN + 1, source: 'reader', reply: '' };
    await db.transaction().execute(async (trx) => {
      await suppress(trx, 'ada@example.org', DEAD);
      await suppress(trx, 'ada@example.org', left);
    });
    expect(await findSuppression(db, 'ada@example.org')).toEqual(left);
    await db.transaction().execute((trx) => lift(trx, 'ada@example.org'));
    expect(await findSuppression(db, 'ada@example.org')).toBeUndefined();
  });

  test('keeps a server’s words whatever they are', async () => {
    const { db } = await memoryStore();
    const reply = `550 5.1.1 nul\0 half \ud83d${'x'.repeat(600)}`;
    await db.transaction().execute((trx) => suppress(trx, 'ada@example.org', { ...DEAD, reply }));
    const kept = await findSuppression(db, 'ada@example.org');
    expect(kept?.reply).toMatch(/^550 5\.1\.1 nul half \ufffdx{400,}$/);
    expect(kept?.reply.length).toBeLessThanOrEqual(500);
  });

  test('is found among many', async () => {
    const { db } = await memoryStore();
    const all = Array.from({ length: 300 }, (_, n) => `reader${n}@example.org`);
    await db.transaction().execute(async (trx) => {
      for (const address of all.filter((_, n) => n % 3 === 0)) await suppress(trx, address, DEAD);
    });
    expect([...(await findSuppressions(db, all)).keys()]).toHaveLength(100);
    expect(await findSuppressions(db, [])).toEqual(new Map());
  });
});
