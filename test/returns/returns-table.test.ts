import { expect, test } from 'vitest';
import type { Return } from '../../src/domain/return.ts';
import { historyOf, markDelivered, markHeld, markReturned } from '../../src/ledger/returned.ts';
import { findMark, leaseMailbox, releaseMailbox, saveMark } from '../../src/returns/mailbox-table.ts';
import {
  addReturns,
  countMailedSince,
  countReturned,
  forgetReturns,
  hasAccepted,
  knownReturns,
  listReturns,
  setEffect,
  suppressedBy,
} from '../../src/returns/returns-table.ts';
import { FROZEN } from '../support/makers.ts';
import { deliveryOf, enrollSubscribers, memoryStore, planIssue, put, within } from '../support/store.ts';

const event = (key: string): Return => ({
  source: 'mail',
  key,
  kind: 'bounce',
  class: 'hard',
  status: '5.1.1',
  detail: 'no',
});

test('a return is written down once, and counted by its issue and effect', async () => {
  const { db } = await memoryStore();
  const [subscriberId = 0] = await enrollSubscribers(db, 2);
  const issueId = await planIssue(db, [subscriberId]);
  await put(db, issueId, 'accepted');
  await db.updateTable('deliveries').set({ settled_at: FROZEN }).execute();
  const mail = { table: 'deliveries', issueId, subscriberId } as const;
  const taken = { event: event('a'), effect: 'suppressed', mail } as const;
  await within(db, (trx) => addReturns(trx, [taken], FROZEN));
  await within(db, (trx) => addReturns(trx, [taken], FROZEN));
  expect(await knownReturns(db, [event('a'), event('b')])).toEqual(new Set(['mail a']));
  expect(await countReturned(db, issueId)).toEqual({ bounced: 1, hard: 1, complained: 0 });
  expect(await suppressedBy(db, issueId, 0, 10)).toHaveLength(1);
  expect(await countMailedSince(db, FROZEN - 1)).toBe(1);
  expect(await hasAccepted(db, issueId, 1, FROZEN - 1)).toBe(true);
  expect(await hasAccepted(db, issueId, 2, 0)).toBe(false);
  await within(db, (trx) => setEffect(trx, issueId, subscriberId, { from: 'suppressed', to: 'held' }));
  expect(await listReturns(db, { issueId, effect: 'held', limit: 5 })).toMatchObject([
    { kind: 'bounce', effect: 'held' },
  ]);
  expect([await forgetReturns(db, FROZEN, 10), await forgetReturns(db, FROZEN + 1, 10)]).toEqual([0, 1]);
});

test('the worse of two returns of a mail counts, in whichever order they come', async () => {
  const { db } = await memoryStore();
  const [subscriberId = 0] = await enrollSubscribers(db, 1);
  const issueId = await planIssue(db, [subscriberId]);
  await put(db, issueId, 'accepted');
  const mail = { table: 'deliveries', issueId, subscriberId } as const;
  const mark = (type: 'hard' | 'soft') =>
    within(db, (trx) => markReturned(trx, mail, { class: type, reply: type, now: FROZEN + 5 }));
  await within(db, (trx) => markDelivered(trx, mail));
  expect([await mark('soft'), await mark('hard'), await mark('soft')]).toEqual([true, true, false]);
  await within(db, (trx) => markDelivered(trx, mail));
  await within(db, (trx) => markHeld(trx, issueId, subscriberId));
  expect(await deliveryOf(db, issueId, subscriberId)).toMatchObject({
    state: 'failed',
    reason: 'held',
    bounce_class: 'hard',
  });
  expect(await historyOf(db, subscriberId)).toEqual([{ at: FROZEN + 5, class: 'hard' }]);
});

test('a mailbox is one process’s at a time, and its mark stays', async () => {
  const { db } = await memoryStore();
  const lease = (now: number) => leaseMailbox(db, 'box', now, 60_000);
  expect([await lease(FROZEN), await lease(FROZEN + 1), await lease(FROZEN + 60_000)]).toEqual([
    true,
    false,
    true,
  ]);
  await releaseMailbox(db, 'box');
  expect(await lease(FROZEN + 60_001)).toBe(true);
  await saveMark(db, 'box', { uidValidity: 7, uid: 3 });
  await saveMark(db, 'box', { uidValidity: 7, uid: 9 });
  expect(await findMark(db, 'box')).toEqual({ uidValidity: 7, uid: 9 });
});
