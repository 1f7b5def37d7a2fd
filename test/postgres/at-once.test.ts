import { describe, expect, test } from 'vitest';
import { sharedTransaction } from '../../src/db/dialect.ts';
import type { Db } from '../../src/db/schema.ts';
import { imbalances } from '../../src/domain/delivery.ts';
import { DAY } from '../../src/domain/time.ts';
import { booksOf } from '../../src/ledger/books.ts';
import { abandon, claim, replanDeferred, resendUncertain, settle } from '../../src/ledger/claims.ts';
import { dueDeliveries } from '../../src/ledger/deliveries.ts';
import { countJoiners, finishIssues } from '../../src/ledger/issue-states.ts';
import { freezeIssue, nextNumber } from '../../src/ledger/issues.ts';
import { addNotice } from '../../src/ledger/notices.ts';
import { lastDaysMailed, plan, suppressUnsent } from '../../src/ledger/plan-rows.ts';
import { supersede } from '../../src/ledger/supersede.ts';
import { enterLane } from '../../src/sources/http/politeness-table.ts';
import { addSubscriber, setState } from '../../src/subscribers/subscribers-table.ts';
import { FROZEN, makeIssue, makeSubscriber } from '../support/makers.ts';
import { deliveryOf, enrollSubscribers, fileStore, newPath, planIssue, statesOf } from '../support/store.ts';

const NOW = FROZEN + 1000;
const TIMES = { now: NOW, nextAt: NOW };

/** Two programs on one database. */
async function two(): Promise<[Db, Db]> {
  const [one, other] = await three();
  return [one, other];
}

async function three(): Promise<[Db, Db, Db]> {
  const path = await newPath();
  return [(await fileStore(path)).db, (await fileStore(path)).db, (await fileStore(path)).db];
}

/** Long enough for what others have asked for to be under way: some rounds to the server. */
async function meanwhile(db: Db): Promise<void> {
  for (let round = 0; round < 10; round += 1) await db.selectFrom('issues').select('id').execute();
}

describe('of two programs at the same moment', () => {
  test('one freezes the day, and numbers have no gap and no double', async () => {
    const dbs = await two();
    const freeze = (db: Db, date: string) =>
      db.transaction().execute(async (trx) => {
        const number = await nextNumber(trx, 'daily');
        return freezeIssue(trx, makeIssue({ date, number }, [`arxiv:${date}`]), 0);
      });
    const days = Array.from({ length: 10 }, (_, index) => `2026-08-${10 + index}`);
    const ids = await Promise.all(days.flatMap((day) => dbs.map((db) => freeze(db, day))));
    expect(ids.filter((id) => id !== undefined)).toHaveLength(10);
    const numbers = await dbs[0].selectFrom('issues').select('number').orderBy('number').execute();
    expect(numbers.map((row) => row.number)).toEqual(days.map((_, index) => index + 1));
  });

  test('one gets a delivery', async () => {
    const [one, other] = await two();
    const ids = await enrollSubscribers(one, 40);
    const issueId = await planIssue(one, ids);
    const claims = await Promise.all(
      ids.flatMap((subscriberId) =>
        [one, other].map((db, index) =>
          claim(db, { table: 'deliveries', issueId, subscriberId }, `owner${index}`, NOW),
        ),
      ),
    );
    expect(claims.filter(Boolean)).toHaveLength(40);
  });

  test('one adds an address, and it gets one notice', async () => {
    const dbs = await two();
    const signUp = (db: Db) =>
      db.transaction().execute(async (trx) => {
        const known = await trx.selectFrom('subscribers').selectAll().executeTakeFirst();
        const subscriber = known ?? (await addSubscriber(trx, makeSubscriber(), NOW));
        const sent = await trx.selectFrom('notices').select('id').execute();
        if (subscriber === undefined || sent.length > 0) return;
        await addNotice(trx, 'confirm', { id: subscriber.id, email: subscriber.email }, NOW);
      });
    await Promise.all([...dbs, ...dbs, ...dbs, ...dbs].map(signUp));
    expect(await dbs[0].selectFrom('notices').selectAll().execute()).toHaveLength(1);
  });

  test('one is in a lane', async () => {
    const dbs = await two();
    const waits = await Promise.all([...dbs, ...dbs, ...dbs].map((db) => enterLane(db, 'arxiv', NOW, 9000)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(1);
  });
});

test('a delivery that is claimed while a newer issue is planned gives way, or counts as had', async () => {
  const [planner, sender, watcher] = await three();
  const ids = await enrollSubscribers(planner, 60);
  const older = await planIssue(planner, ids, { date: '2026-08-18', frozenAt: FROZEN - DAY }, '2026-08-19');
  const newer = await planIssue(planner, [], {});
  const claimAll = (some: readonly number[]) =>
    some.map((subscriberId) =>
      claim(sender, { table: 'deliveries', issueId: older, subscriberId }, 'me', NOW),
    );
  const claims = claimAll(ids.slice(0, 30));
  const planning = planner.transaction().execute(async (trx) => {
    const had = await lastDaysMailed(trx, ids);
    claims.push(...claimAll(ids.slice(30)));
    await meanwhile(watcher);
    const planned = ids.map((subscriberId) => ({
      subscriberId,
      address: 'x@example.org',
      dueAt: FROZEN,
      dueDay: had.has(subscriberId) ? '2026-08-20' : '2026-08-19',
    }));
    await plan(trx, newer, planned);
    await supersede(trx, newer, ids, NOW);
  });
  await planning;
  await Promise.all(claims);
  for (const id of ids) {
    const [before, after] = [await deliveryOf(planner, older, id), await deliveryOf(planner, newer, id)];
    const gaveWay = before.state === 'superseded' && after.due_day === '2026-08-19';
    const counts = before.state === 'sending' && after.due_day === '2026-08-20';
    expect(gaveWay || counts, `${before.state}, ${after.due_day}`).toBe(true);
  }
});

test('a reader who leaves while their mail is deferred gets no other attempt', async () => {
  const [one, other] = await two();
  const ids = await enrollSubscribers(one, 40);
  const issueId = await planIssue(one, ids);
  const key = (subscriberId: number) => ({ table: 'deliveries', issueId, subscriberId }) as const;
  for (const id of ids) await claim(one, key(id), 'me', NOW);
  const leave = (id: number) =>
    other.transaction().execute(async (trx) => {
      await setState(trx, id, 'unsubscribed', NOW);
      await suppressUnsent(trx, id, 'unsubscribed', NOW);
    });
  const defer = (id: number) => settle(one, key(id), 'me', { kind: 'deferred', reply: '451' }, TIMES);
  await Promise.all(ids.flatMap((id) => [defer(id), leave(id)]));
  expect(new Set(await statesOf(one, issueId))).toEqual(new Set(['suppressed']));
});

test('claims and outcomes of many run beside one another, and beside no change of a reader', async () => {
  const [one, other, watcher] = await three();
  const story: string[] = [];
  const changes: Promise<unknown>[] = [];
  await sharedTransaction(one, async () => {
    await sharedTransaction(other, async () => {
      story.push('two at once');
    });
    changes.push(other.transaction().execute(async () => story.push('a change')));
    await meanwhile(watcher);
    story.push('both done');
  });
  await Promise.all(changes);
  expect(story).toEqual(['two at once', 'both done', 'a change']);
});

test('an issue is not done while somebody joins it', async () => {
  const [one, other, watcher] = await three();
  const issueId = await planIssue(one, []);
  const finishing: Promise<number[]>[] = [];
  await one.transaction().execute(async (trx) => {
    await plan(trx, issueId, [{ subscriberId: 7, address: 'a@example.org', dueAt: 0, dueDay: '' }]);
    await countJoiners(trx, issueId, 1);
    finishing.push(finishIssues(other));
    await meanwhile(watcher);
  });
  await Promise.all(finishing);
  expect(await dueDeliveries(one, { dueBy: NOW }, 99)).toMatchObject([{ issueId }]);
  expect(imbalances(await booksOf(other, issueId))).toEqual([]);
});

test('everything at once ends without a deadlock and with balanced books', async () => {
  const [one, other] = await two();
  const ids = await enrollSubscribers(one, 30);
  const issueId = await planIssue(one, ids);
  const work = async (db: Db, owner: string) => {
    for (let round = 0; round < 12; round += 1) {
      await Promise.all(
        ids.map(async (subscriberId, index) => {
          const key = { table: 'deliveries', issueId, subscriberId } as const;
          if (!(await claim(db, key, owner, NOW))) return;
          const outcome =
            index % 2
              ? ({ kind: 'deferred', reply: '451' } as const)
              : ({ kind: 'lost', reply: 'x' } as const);
          await settle(db, key, owner, outcome, TIMES);
        }),
      );
      await Promise.all([
        replanDeferred(db, NOW),
        resendUncertain(db),
        abandon(db, 'nobody'),
        finishIssues(db),
      ]);
    }
  };
  await Promise.all([work(one, 'one'), work(other, 'other')]);
  expect(imbalances(await booksOf(one, issueId))).toEqual([]);
});
