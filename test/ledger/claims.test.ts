import { describe, expect, test } from 'vitest';
import type { Db } from '../../src/db/schema.ts';
import type { Outcome } from '../../src/domain/delivery.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import {
  abandon,
  claim,
  renewLeases,
  replanDeferred,
  resendUncertain,
  sendingOwners,
  settle,
  type WorkKey,
} from '../../src/ledger/claims.ts';
import { type DueDelivery, dueDeliveries, openInTurn } from '../../src/ledger/deliveries.ts';
import { finishIssues, setIssueState } from '../../src/ledger/issue-states.ts';
import { findIssueById } from '../../src/ledger/issues.ts';
import { addNotice, dueNotices } from '../../src/ledger/notices.ts';
import { setAddress, setState } from '../../src/subscribers/subscribers-table.ts';
import { FROZEN } from '../support/makers.ts';
import {
  deliveryOf,
  enrollSubscribers,
  fileStore,
  memoryStore,
  newPath,
  planIssue,
  statesOf,
} from '../support/store.ts';

const NOW = FROZEN + 1000;
const TIMES = { now: NOW, nextAt: NOW + 10_000 };
const OUTCOMES = {
  accepted: { kind: 'accepted', reply: '250 2.0.0 ok' },
  deferred: { kind: 'deferred', reply: '451 4.7.1 later' },
  failed: { kind: 'failed', class: 'hard', reply: '550 5.1.1 nobody', suppress: true },
  lost: { kind: 'lost', reply: 'the connection was lost' },
  route: { kind: 'route', reply: '421 4.7.0 you again' },
} as const satisfies Record<string, Outcome>;

/** A planned issue for two subscribers, and the key of the first one's delivery. */
async function planned() {
  const { db } = await memoryStore();
  const [subscriberId = 0, other = 0] = await enrollSubscribers(db, 2);
  const issueId = await planIssue(db, [subscriberId, other]);
  const key = { table: 'deliveries', issueId, subscriberId } as const;
  return { db, issueId, key, row: () => deliveryOf(db, issueId, subscriberId), subscriberId, other };
}

async function attempt(db: Db, key: WorkKey, outcome: Outcome): Promise<void> {
  expect(await claim(db, key, 'me', NOW + 30_000)).toBe(true);
  expect(await settle(db, key, 'me', outcome, TIMES)).toBe(true);
}

describe('a claim', () => {
  test('is given to one owner only', async () => {
    const { db, key, row } = await planned();
    expect(await claim(db, key, 'me', NOW)).toBe(true);
    expect(await claim(db, key, 'you', NOW)).toBe(false);
    expect(await claim(db, key, 'me', NOW)).toBe(false);
    expect(await row()).toMatchObject({ state: 'sending', owner: 'me', lease_until: NOW });
  });

  test('is given to one of two processes that ask at once', async () => {
    const path = await newPath();
    const [one, other] = [await fileStore(path), await fileStore(path)];
    const ids = await enrollSubscribers(one.db, 30);
    const issueId = await planIssue(one.db, ids);
    const claims = ids.flatMap((subscriberId) =>
      [one, other].map(({ db }, index) =>
        claim(db, { table: 'deliveries', issueId, subscriberId }, `owner${index}`, NOW),
      ),
    );
    expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(ids.length);
    expect(await statesOf(one.db, issueId)).toEqual(ids.map(() => 'sending'));
  });

  test('exists only of what is planned', async () => {
    const { db, key, issueId, other } = await planned();
    await attempt(db, key, OUTCOMES.accepted);
    expect(await claim(db, key, 'me', NOW)).toBe(false);
    expect(await claim(db, { ...key, subscriberId: 999 }, 'me', NOW)).toBe(false);
    expect(await deliveryOf(db, issueId, other)).toMatchObject({ state: 'planned' });
  });

  test('is renewed for its owner alone', async () => {
    const { db, key, issueId, other } = await planned();
    await claim(db, key, 'me', NOW);
    await claim(db, { ...key, subscriberId: other }, 'you', NOW);
    await renewLeases(db, 'me', NOW + 7);
    expect(await sendingOwners(db)).toEqual([
      { owner: 'me', leaseUntil: NOW + 7 },
      { owner: 'you', leaseUntil: NOW },
    ]);
    expect(await statesOf(db, issueId)).toEqual(['sending', 'sending']);
  });
});

describe('an outcome', () => {
  test.each([
    ['accepted', { state: 'accepted', reason: '', attempts: 1 }],
    ['deferred', { state: 'deferred', reason: '', attempts: 1, next_at: TIMES.nextAt }],
    ['failed', { state: 'failed', reason: 'hard', attempts: 1 }],
    ['lost', { state: 'uncertain', reason: 'lost', attempts: 1, lost: 1 }],
    ['route', { state: 'planned', reason: '', attempts: 0 }],
  ] as const)('of kind %s is written down with its reply and time', async (kind, expected) => {
    const { db, key, row, issueId, other } = await planned();
    await attempt(db, key, OUTCOMES[kind]);
    expect(await row()).toMatchObject({
      ...expected,
      reply: OUTCOMES[kind].reply,
      settled_at: NOW,
      owner: '',
    });
    expect(await deliveryOf(db, issueId, other)).toMatchObject({ state: 'planned', attempts: 0, reply: '' });
  });

  test('is written down by the owner only, and once', async () => {
    const { db, key, row } = await planned();
    expect(await settle(db, key, 'me', OUTCOMES.accepted, TIMES)).toBe(false);
    await claim(db, key, 'me', NOW);
    expect(await settle(db, key, 'you', OUTCOMES.failed, TIMES)).toBe(false);
    expect(await settle(db, key, 'me', OUTCOMES.accepted, TIMES)).toBe(true);
    expect(await settle(db, key, 'me', OUTCOMES.failed, TIMES)).toBe(false);
    expect(await row()).toMatchObject({ state: 'accepted', attempts: 1 });
  });

  test('keeps a reply of any length short', async () => {
    const { db, key, row } = await planned();
    await attempt(db, key, { kind: 'accepted', reply: '2'.repeat(9000) });
    expect((await row()).reply).toHaveLength(500);
  });

  test.each(['deferred', 'lost', 'route'] as const)(
    'of kind %s leads to no other attempt for a reader who left meanwhile',
    async (kind) => {
      const { db, key, row, subscriberId } = await planned();
      await claim(db, key, 'me', NOW);
      await setState(db, subscriberId, 'unsubscribed', NOW);
      await settle(db, key, 'me', OUTCOMES[kind], TIMES);
      expect(await row()).toMatchObject({ state: 'suppressed', reason: 'no longer a reader' });
    },
  );

  test.each(['deferred', 'lost', 'route'] as const)(
    'of kind %s leads to the new address of a reader who moved meanwhile',
    async (kind) => {
      const { db, key, row, subscriberId } = await planned();
      await claim(db, key, 'me', NOW);
      await setAddress(db, subscriberId, 'new@example.net');
      await settle(db, key, 'me', OUTCOMES[kind], TIMES);
      expect(await row()).toMatchObject({ address: 'new@example.net' });
    },
  );

  test('is true also of a reader who left meanwhile', async () => {
    const { db, key, row, subscriberId } = await planned();
    await claim(db, key, 'me', NOW);
    await setState(db, subscriberId, 'unsubscribed', NOW);
    await settle(db, key, 'me', OUTCOMES.accepted, TIMES);
    expect(await row()).toMatchObject({ state: 'accepted' });
  });
});

describe('what a dead process had in hand', () => {
  test('is uncertain, and nothing else is', async () => {
    const { db, key, issueId, other } = await planned();
    await claim(db, key, 'dead', NOW);
    await claim(db, { ...key, subscriberId: other }, 'alive', NOW);
    expect(await abandon(db, 'dead')).toBe(1);
    expect(await abandon(db, 'dead')).toBe(0);
    expect(await statesOf(db, issueId)).toEqual(['uncertain', 'sending']);
    expect(await settle(db, key, 'dead', OUTCOMES.accepted, TIMES)).toBe(false);
  });

  test('is not what it has renewed or claimed since it was looked at', async () => {
    const { db, key, issueId, other } = await planned();
    await claim(db, key, 'slow', NOW);
    const [seen] = await sendingOwners(db);
    await claim(db, { ...key, subscriberId: other }, 'slow', NOW + 1);
    expect(await abandon(db, 'slow', seen?.leaseUntil)).toBe(1);
    expect(await statesOf(db, issueId)).toEqual(['uncertain', 'sending']);
  });

  test('has one lease, the latest, whatever it is', async () => {
    const { db, key } = await planned();
    await addNotice(db, 'confirm', { id: 999, email: 'new@example.org' }, FROZEN);
    const id = (await dueNotices(db, 1))[0]?.id ?? 0;
    await claim(db, { table: 'notices', id }, 'dead', NOW);
    await claim(db, key, 'dead', NOW + 1);
    expect(await sendingOwners(db)).toEqual([{ owner: 'dead', leaseUntil: NOW + 1 }]);
  });

  test('is planned again every time', async () => {
    const { db, key, row } = await planned();
    for (let crash = 0; crash < 4; crash += 1) {
      await claim(db, key, 'dead', NOW);
      await abandon(db, 'dead');
      expect(await row()).toMatchObject({ state: 'uncertain', reason: 'crashed' });
      await resendUncertain(db);
      expect(await row()).toMatchObject({ state: 'planned' });
    }
  });

  test('is withdrawn when the reader has left', async () => {
    const { db, key, row, subscriberId } = await planned();
    await claim(db, key, 'dead', NOW);
    await setState(db, subscriberId, 'suppressed', NOW);
    await abandon(db, 'dead');
    await resendUncertain(db);
    expect(await row()).toMatchObject({ state: 'suppressed' });
  });

  test('is planned again also after losses', async () => {
    const { db, key, row } = await planned();
    await attempt(db, key, OUTCOMES.lost);
    await resendUncertain(db);
    await attempt(db, key, OUTCOMES.lost);
    await db.updateTable('deliveries').set({ state: 'planned' }).where('state', '=', 'uncertain').execute();
    await claim(db, key, 'dead', NOW);
    await abandon(db, 'dead');
    await resendUncertain(db);
    expect(await row()).toMatchObject({ state: 'planned' });
  });
});

describe('a mail whose connection was lost', () => {
  test('is sent again once, then waits for a person', async () => {
    const { db, key, row } = await planned();
    await attempt(db, key, OUTCOMES.lost);
    await resendUncertain(db);
    expect(await row()).toMatchObject({ state: 'planned', attempts: 1 });
    await attempt(db, key, OUTCOMES.lost);
    await resendUncertain(db);
    expect(await row()).toMatchObject({ state: 'uncertain', lost: 2 });
  });

  test('is sent again though its issue was done but for it', async () => {
    const { db, key, issueId, other } = await planned();
    await attempt(db, { ...key, subscriberId: other }, OUTCOMES.accepted);
    await attempt(db, key, OUTCOMES.lost);
    await finishIssues(db);
    await resendUncertain(db);
    expect(await findIssueById(db, issueId)).toMatchObject({ state: 'frozen' });
    expect(await dueDeliveries(db, { dueBy: NOW }, 9)).toMatchObject([{ subscriberId: key.subscriberId }]);
  });
});

describe('notices', () => {
  test('go the same ways as deliveries, and none of theirs', async () => {
    const { db, issueId } = await planned();
    await addNotice(db, 'confirm', { id: 999, email: 'new@example.org' }, FROZEN);
    const key = { table: 'notices', id: (await dueNotices(db, 1))[0]?.id ?? 0 } as const;
    expect(await claim(db, key, 'you', NOW)).toBe(true);
    expect(await claim(db, key, 'me', NOW)).toBe(false);
    expect(await sendingOwners(db)).toEqual([{ owner: 'you', leaseUntil: NOW }]);
    expect(await abandon(db, 'you')).toBe(1);
    await resendUncertain(db);
    await attempt(db, key, OUTCOMES.deferred);
    expect(await dueNotices(db, 9)).toEqual([]);
    await replanDeferred(db, TIMES.nextAt);
    expect(await dueNotices(db, 9)).toMatchObject([{ subscriberId: 999, attempts: 1 }]);
    expect(await statesOf(db, issueId)).toEqual(['planned', 'planned']);
  });
});

describe('what is due', () => {
  test('is planned, of an issue that is being delivered, and its hour has come', async () => {
    const { db, issueId, key, other } = await planned();
    const due = async (dueBy: number) =>
      (await dueDeliveries(db, { dueBy }, 9)).map((row) => row.subscriberId);
    expect(await due(FROZEN - 1)).toEqual([]);
    expect(await due(FROZEN)).toEqual([key.subscriberId, other]);
    await claim(db, key, 'me', NOW);
    expect(await due(FROZEN)).toEqual([other]);
    for (const state of ['cancelled', 'held', 'done'] as const) {
      await setIssueState(db, issueId, state);
      expect(await due(FROZEN)).toEqual([]);
    }
  });

  test('of several issues is read page by page in the order of its time, each row once', async () => {
    const { db } = await memoryStore();
    const subscribers = await enrollSubscribers(db, 6);
    const issues = [
      await planIssue(db, subscribers, { date: '2026-08-17' }),
      await planIssue(db, subscribers, { date: '2026-08-18' }),
      await planIssue(db, subscribers, { date: '2026-08-19' }),
    ];
    const hours = (issueId: number, subscriber: number) =>
      FROZEN + ((issueId * 5 + subscriber * 7) % 4) * HOUR;
    for (const issueId of issues)
      for (const subscriber of subscribers)
        await db
          .updateTable('deliveries')
          .set({ due_at: hours(issueId, subscriber) })
          .where('issue_id', '=', issueId)
          .where('subscriber_id', '=', subscriber)
          .execute();
    const all = issues
      .flatMap((issueId) =>
        subscribers.map((subscriber) => [hours(issueId, subscriber), issueId, subscriber] as const),
      )
      .toSorted((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2]);
    for (const limit of [1, 2, 5, 18]) {
      const read: (readonly [number, number, number])[] = [];
      for (let last: DueDelivery | undefined; ; ) {
        const page = await dueDeliveries(db, { dueBy: FROZEN + DAY }, limit, last);
        read.push(...page.map((row) => [row.dueAt, row.issueId, row.subscriberId] as const));
        if (page.length < limit) break;
        last = page.at(-1);
      }
      expect(read).toEqual(all);
    }
  });

  test('is nothing before the last slice of the audience is planned', async () => {
    const { db, issueId } = await planned();
    await db.updateTable('issues').set({ planned_at: null }).where('id', '=', issueId).execute();
    expect(await dueDeliveries(db, { dueBy: NOW, whole: [{ issueId, days: 127 }] }, 9)).toEqual([]);
  });

  test('of a whole issue is what goes to those whose day it is, whatever their hour, and welcomes', async () => {
    const { db } = await memoryStore();
    const [wednesdays] = await enrollSubscribers(db, 1, { days: 4 });
    const [fridays] = await enrollSubscribers(db, 1, { days: 16, email: 'f@example.org' });
    const [welcomed] = await enrollSubscribers(db, 1, { days: 16, email: 'w@example.org' });
    const issueId = await planIssue(db, [wednesdays ?? 0, fridays ?? 0, welcomed ?? 0]);
    await db
      .updateTable('deliveries')
      .set({ due_day: '' })
      .where('subscriber_id', '=', welcomed ?? 0)
      .execute();
    const turn = { dueBy: 0, whole: [{ issueId, days: 4 }] };
    const rows = await dueDeliveries(db, turn, 9);
    expect(rows.map((row) => row.subscriberId)).toEqual([wednesdays, welcomed]);
    expect(await openInTurn(db, turn)).toEqual({ planned: 2, sending: 0, deferred: 0, nextAt: null });
  });

  test('again is what was deferred, when its time has come', async () => {
    const { db, key, row } = await planned();
    await attempt(db, key, OUTCOMES.deferred);
    expect(await openInTurn(db, { dueBy: NOW })).toEqual({
      planned: 1,
      sending: 0,
      deferred: 1,
      nextAt: TIMES.nextAt,
    });
    await replanDeferred(db, TIMES.nextAt - 1);
    expect(await row()).toMatchObject({ state: 'deferred' });
    await replanDeferred(db, TIMES.nextAt);
    expect(await row()).toMatchObject({ state: 'planned', attempts: 1 });
  });
});
