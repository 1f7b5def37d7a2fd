import { describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { claim, settle } from '../../src/ledger/claims.ts';
import { expire } from '../../src/ledger/expire.ts';
import {
  findDelivery,
  lastDaysMailed,
  plan,
  replan,
  suppressIssue,
  suppressUnsent,
} from '../../src/ledger/plan-rows.ts';
import { FROZEN } from '../support/makers.ts';
import {
  deliveryOf,
  enrollSubscribers,
  memoryStore,
  planIssue,
  put,
  statesOf,
  within,
} from '../support/store.ts';

const NOW = FROZEN + 1000;
const monday = { date: '2026-08-17', frozenAt: FROZEN - 2 * DAY };
const tuesday = { date: '2026-08-18', frozenAt: FROZEN - DAY };

describe('planning', () => {
  test('gives each reader one delivery, however often it is done', async () => {
    const { db } = await memoryStore();
    const ids = await enrollSubscribers(db, 3);
    const issueId = await planIssue(db, ids.slice(0, 2));
    const again = ids.map((subscriberId) => ({
      subscriberId,
      address: 'x@example.org',
      dueAt: 1,
      dueDay: '' as const,
    }));
    expect(await within(db, (trx) => plan(trx, issueId, again))).toBe(1);
    expect(await within(db, (trx) => plan(trx, issueId, []))).toBe(0);
    expect(await deliveryOf(db, issueId, ids[0] ?? 0)).toMatchObject({
      due_at: FROZEN,
      address: 'reader1@example.org',
    });
    expect(await findDelivery(db, issueId, ids[0] ?? 0)).toEqual({
      issueId,
      state: 'planned',
      welcome: false,
    });
    expect(await findDelivery(db, issueId, ids[2] ?? 0)).toEqual({
      issueId,
      state: 'planned',
      welcome: true,
    });
    expect(await findDelivery(db, issueId, 99)).toBeUndefined();
  });

  test('knows the last local day that each reader has, or may have, had an issue for', async () => {
    const { db } = await memoryStore();
    const [one = 0, two = 0] = await enrollSubscribers(db, 2);
    const days = async () => [...(await db.transaction().execute((trx) => lastDaysMailed(trx, [one, two])))];
    const first = await planIssue(db, [one], monday);
    const second = await planIssue(db, [one], tuesday);
    await planIssue(db, [two], {}, '');
    expect(await days()).toEqual([]);
    await put(db, first, 'accepted');
    expect(await days()).toEqual([[one, '2026-08-17']]);
    for (const state of ['sending', 'uncertain', 'accepted'] as const) {
      await put(db, second, state);
      expect(await days()).toEqual([[one, '2026-08-18']]);
    }
    for (const state of ['failed', 'deferred'] as const) {
      await put(db, second, state);
      expect(await days()).toEqual([[one, '2026-08-17']]);
    }
  });
});

describe('a delivery that was not sent', () => {
  test('moves to another time and address, and wants work again', async () => {
    for (const state of ['planned', 'deferred', 'suppressed', 'superseded', 'expired'] as const) {
      const { db } = await memoryStore();
      const [subscriberId = 0] = await enrollSubscribers(db, 1);
      const issueId = await planIssue(db, [subscriberId]);
      await db.updateTable('deliveries').set({ state, reason: 'x', settled_at: 1 }).execute();
      const moved = { subscriberId, address: 'new@example.org', dueAt: NOW, dueDay: '2026-08-20' };
      await within(db, (trx) => replan(trx, issueId, moved));
      expect(await deliveryOf(db, issueId, subscriberId)).toMatchObject({
        state: 'planned',
        reason: '',
        address: 'new@example.org',
        due_at: NOW,
        due_day: '2026-08-20',
        settled_at: 0,
      });
    }
  });

  test('is withdrawn when its reader leaves or its issue is cancelled; what was sent stays', async () => {
    const states = ['planned', 'sending', 'deferred', 'uncertain', 'accepted', 'failed'] as const;
    const after = ['suppressed', 'sending', 'suppressed', 'suppressed', 'accepted', 'failed'];
    const { db } = await memoryStore();
    const ids = await enrollSubscribers(db, states.length);
    const issueId = await planIssue(db, ids);
    const untouched = await planIssue(db, ids, tuesday);
    const reset = async () => {
      for (const [index, state] of states.entries())
        await db
          .updateTable('deliveries')
          .set({ state })
          .where('subscriber_id', '=', ids[index] ?? 0)
          .execute();
    };
    await reset();
    expect(await within(db, (trx) => suppressIssue(trx, issueId, 'cancelled', NOW))).toBe(3);
    expect(await statesOf(db, issueId)).toEqual(after);
    expect(await statesOf(db, untouched)).toEqual([...states]);
    expect(await deliveryOf(db, issueId, ids[0] ?? 0)).toMatchObject({
      reason: 'cancelled',
      settled_at: NOW,
    });
    await reset();
    for (const id of ids.slice(1)) await within(db, (trx) => suppressUnsent(trx, id, 'unsubscribed', NOW));
    expect(await statesOf(db, issueId)).toEqual(['planned', ...after.slice(1)]);
    expect(await statesOf(db, untouched)).toEqual(['planned', ...after.slice(1)]);
  });

  test('cannot be moved once it is on the wire, or was', async () => {
    for (const state of ['sending', 'accepted', 'uncertain', 'failed'] as const) {
      const { db } = await memoryStore();
      const [subscriberId = 0] = await enrollSubscribers(db, 1);
      const issueId = await planIssue(db, [subscriberId]);
      await put(db, issueId, state);
      const moved = { subscriberId, address: 'new@example.org', dueAt: NOW, dueDay: '2026-08-20' };
      await within(db, (trx) => replan(trx, issueId, moved));
      expect(await deliveryOf(db, issueId, subscriberId)).toMatchObject({ state, due_at: FROZEN });
    }
  });

  test('expires when it was due too long ago, unless its issue is left alone', async () => {
    const { db } = await memoryStore();
    const [one = 0, two = 0] = await enrollSubscribers(db, 2);
    const late = await planIssue(db, [one, two], tuesday);
    const spared = await planIssue(db, [one], monday);
    const inTime = await planIssue(db, [one]);
    const key = { table: 'deliveries', issueId: late, subscriberId: two } as const;
    await claim(db, key, 'me', NOW);
    expect(await expire(db, { dueBefore: FROZEN - HOUR, except: [spared], now: NOW })).toBe(1);
    expect(await statesOf(db, late)).toEqual(['expired', 'sending']);
    await settle(db, key, 'me', { kind: 'deferred', reply: '451 later' }, { now: NOW, nextAt: NOW });
    expect(await expire(db, { dueBefore: tuesday.frozenAt, except: [spared], now: NOW })).toBe(0);
    expect(await expire(db, { dueBefore: FROZEN, now: NOW })).toBe(2);
    expect(await statesOf(db, spared)).toEqual(['expired']);
    expect(await statesOf(db, inTime)).toEqual(['planned']);
  });
});
