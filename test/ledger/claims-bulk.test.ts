import { expect, test } from 'vitest';
import type { Db } from '../../src/db/schema.ts';
import { writeGroup } from '../../src/ledger/claims-bulk.ts';
import { type DueDelivery, dueDeliveries } from '../../src/ledger/deliveries.ts';
import { FROZEN } from '../support/makers.ts';
import { deliveryOf, enrollSubscribers, memoryStore, planIssue, statesOf } from '../support/store.ts';

const NOW = FROZEN + 1000;
const MINE = { owner: 'me', now: NOW, leaseUntil: NOW + 10 };
const BY_OTHERS = { ...MINE, owner: 'you' };

async function due(count: number) {
  const { db } = await memoryStore();
  const ids = await enrollSubscribers(db, count);
  const issueId = await planIssue(db, ids);
  return { db, ids, issueId, rows: await dueDeliveries(db, { dueBy: NOW }, 99) };
}

const claim = (db: Db, claims: readonly DueDelivery[], by = MINE) =>
  writeGroup(db, { claims: claims.map(keeping), accepted: [], ...by });
const keeping = (row: DueDelivery) => ({ ...row, keep: '1.0 2' });

test('claims and acceptances are written together, each told in the order in which it was given', async () => {
  const { db, issueId, rows } = await due(5);
  const [a, b, c, d, e] = rows as [never, never, never, never, never];
  expect(await claim(db, [c, a])).toEqual({ claims: [true, true], accepted: [] });
  expect(await claim(db, [b], BY_OTHERS)).toEqual({ claims: [true], accepted: [] });
  const replied = (row: object) => ({ ...row, reply: '250 taken' }) as never;
  const group = { claims: [e, b, d, d].map(keeping), accepted: [a, b, c].map(replied), ...MINE };
  expect(await writeGroup(db, group)).toEqual({
    claims: [true, false, true, false],
    accepted: [true, false, true],
  });
  expect(await statesOf(db, issueId)).toEqual(['accepted', 'sending', 'accepted', 'sending', 'sending']);
  expect(await deliveryOf(db, issueId, rows[0]?.subscriberId ?? 0)).toMatchObject({
    reply: '250 taken',
    picks: '1.0 2',
    attempts: 1,
    owner: '',
    settled_at: NOW,
  });
});

test('a delivery that was planned anew since it was read is not claimed', async () => {
  const { db, rows } = await due(5);
  const changes = [{ address: 'new@example.org' }, { dueAt: 1 }, { profileId: 7 }, { picks: '3' }, {}];
  const changed = changes.map((change, index) => ({
    ...(rows[index] as (typeof rows)[number]),
    ...change,
  }));
  expect((await claim(db, changed)).claims).toEqual([false, false, false, false, true]);
});

test('a reply is written down whatever bytes it has, and wherever it is cut', async () => {
  const { db, ids, issueId, rows } = await due(2);
  await claim(db, rows);
  const replies = ['250 taken\0 by \\u0000', `250 ${'x'.repeat(495)}\u{1f41f}`];
  const accepted = rows.map((row, index) => ({ ...row, reply: replies[index] ?? '' }));
  expect((await writeGroup(db, { claims: [], accepted, ...MINE })).accepted).toEqual([true, true]);
  const [one = 0, other = 0] = ids;
  expect(await deliveryOf(db, issueId, one)).toMatchObject({
    state: 'accepted',
    reply: '250 taken by \\u0000',
  });
  expect((await deliveryOf(db, issueId, other)).reply).toBe(`250 ${'x'.repeat(495)}\ufffd`);
});
