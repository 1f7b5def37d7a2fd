import { expect, test } from 'vitest';
import { acceptMany, claimMany } from '../../src/store/batch.ts';
import { dueDeliveries } from '../../src/store/deliveries.ts';
import { FROZEN } from '../support/makers.ts';
import { addReaders, deliveryOf, memoryStore, planIssue } from '../support/store.ts';

const NOW = FROZEN + 1000;

test('a reply is written down whatever bytes it has, and wherever it is cut', async () => {
  const { db } = await memoryStore();
  const ids = await addReaders(db, 2);
  const issueId = await planIssue(db, ids);
  const due = await dueDeliveries(db, { dueBy: NOW }, 9);
  expect(await claimMany(db, due, 'me', NOW)).toHaveProperty('size', 2);
  const replies = ['250 taken\0 by \\u0000', `250 ${'x'.repeat(495)}\u{1f41f}`];
  const accepted = due.map((row, index) => ({ ...row, reply: replies[index] ?? '' }));
  expect(await acceptMany(db, accepted, 'me', NOW)).toHaveProperty('size', 2);
  const [one = 0, other = 0] = ids;
  expect(await deliveryOf(db, issueId, one)).toMatchObject({
    state: 'accepted',
    reply: '250 taken by \\u0000',
  });
  expect((await deliveryOf(db, issueId, other)).reply).toBe(`250 ${'x'.repeat(495)}\ufffd`);
});
