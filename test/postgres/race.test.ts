import { describe, expect, test } from 'vitest';
import type { Db } from '../../src/db/schema.ts';
import { forgetCooldowns, saveCooldown } from '../../src/delivery/cooldowns-table.ts';
import { DAY } from '../../src/domain/time.ts';
import { publish } from '../../src/issues/publish.ts';
import { writeGroup } from '../../src/ledger/claims-bulk.ts';
import { type DueDelivery, dueDeliveries } from '../../src/ledger/deliveries.ts';
import { dueHooks, queueHooks, reserveHookCall, settleHook } from '../../src/ledger/hook-calls.ts';
import { saveProfiles } from '../../src/ledger/profiles.ts';
import { reserveTopic } from '../../src/ledger/topics.ts';
import { countRequest } from '../../src/subscribers/sign-up-limits.ts';
import { openTestApp } from '../support/app.ts';
import { listedDay } from '../support/feeds.ts';
import { FROZEN } from '../support/makers.ts';
import { NEVER, openNewsroom } from '../support/newsroom.ts';
import { deliveryOf, enrollSubscribers, fileStore, newPath, planIssue } from '../support/store.ts';

const NOW = FROZEN + 1000;

async function two(): Promise<[Db, Db]> {
  const path = await newPath();
  return [(await fileStore(path)).db, (await fileStore(path)).db];
}

/** Claims deliveries as an owner who gives their subscribers these picks. */
const claimAs = (db: Db, rows: readonly DueDelivery[], owner: string, keep = '') =>
  writeGroup(db, {
    claims: rows.map((row) => ({ ...row, keep })),
    accepted: [],
    owner,
    now: NOW,
    leaseUntil: NOW,
  });

describe('two processes at the same moment', () => {
  test('keep one profile for the same wishes', async () => {
    const dbs = await two();
    const wishes = Array.from({ length: 300 }, (_, index) => ({ topics: [`topic ${index}`] }));
    const keep = (db: Db, some: typeof wishes) => db.transaction().execute((trx) => saveProfiles(trx, some));
    const [one, other] = await Promise.all([keep(dbs[0], wishes), keep(dbs[1], wishes.toReversed())]);
    expect(other.toReversed()).toEqual(one);
    expect(await dbs[0].selectFrom('profiles').select('id').execute()).toHaveLength(300);
  });

  test('let through no more than a limit', async () => {
    const dbs = await two();
    const limits = ['b', 'a'].map((key, index) => ({ key, count: 5 + index, per: DAY }));
    const ask = (db: Db, some: typeof limits) =>
      db.transaction().execute((trx) => countRequest(trx, some, NOW));
    const asked = Array.from({ length: 8 }, () => [ask(dbs[0], limits), ask(dbs[1], limits.toReversed())]);
    const taken = await Promise.all(asked.flat());
    expect(taken.filter(({ ok }) => ok)).toHaveLength(5);
  });

  test('claim the same mails in opposite order, and each has one owner', async () => {
    const [one, other] = await two();
    await planIssue(one, await enrollSubscribers(one, 200));
    const due = await dueDeliveries(one, { dueBy: NOW }, 200);
    const claimAll = (db: Db, rows: readonly DueDelivery[], owner: string) =>
      Promise.all([0, 50, 100, 150].map((start) => claimAs(db, rows.slice(start, start + 120), owner)));
    const sets = await Promise.all([claimAll(one, due, 'one'), claimAll(other, due.toReversed(), 'other')]);
    const claimed = sets.flat().flatMap(({ claims }) => claims.filter(Boolean));
    expect(claimed).toHaveLength(200);
  });

  test('claim a mail with one choice of papers', async () => {
    const dbs = await two();
    const [subscriberId = 0] = await enrollSubscribers(dbs[0], 1);
    const issueId = await planIssue(dbs[0], [subscriberId]);
    const rows = await dueDeliveries(dbs[0], { dueBy: NOW }, 9);
    const kept = await Promise.all(dbs.map((db, index) => claimAs(db, rows, `owner ${index}`, `${index}`)));
    const winner = kept.findIndex(({ claims }) => claims[0]);
    expect(kept.map(({ claims }) => claims[0]).toSorted()).toEqual([false, true]);
    expect(await deliveryOf(dbs[0], issueId, subscriberId)).toMatchObject({
      owner: `owner ${winner}`,
      picks: `${winner}`,
    });
  });

  test('tell of a thing once, and forget what is over without a deadlock', async () => {
    const dbs = await two();
    for (let n = 0; n < 50; n += 1)
      await saveCooldown(dbs[0], { route: 'r', domain: `d${n}.example`, until: NOW - (n % 2), reply: '' });
    const told = await Promise.all([...dbs, ...dbs].map((db) => reserveTopic(db, 'x', NOW, NOW - DAY)));
    await Promise.all([...dbs, ...dbs].map((db) => forgetCooldowns(db, NOW)));
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(await dbs[0].selectFrom('rests').select('domain').execute()).toEqual([]);
  });

  test('freeze the same daily and weekly issue once, each with its candidates', async () => {
    const DATABASE_URL = `race-${crypto.randomUUID()}`;
    await using room = await openNewsroom({ DATABASE_URL }, { now: '2026-08-23T05:00:00Z' });
    for (const day of ['2026-08-19', '2026-08-20', '2026-08-21'])
      room.feeds.state.days[day] = listedDay(day, 6);
    await using second = await openTestApp(
      { ...room.settings, DATABASE_URL },
      { owner: 'b', now: '2026-08-23T05:00:00Z' },
    );
    const edition = { date: '2026-08-23', freezeAt: room.app.clock() } as const;
    const editions = [
      { kind: 'daily', ...edition },
      { kind: 'weekly', ...edition },
    ] as const;
    const options = { signal: NEVER, retrySkipped: false };
    const apps = [room.app, second];
    await Promise.all(apps.map((app) => publish(app, app.publishing, editions, options)));
    const { db } = room.app.store;
    const issues = await db
      .selectFrom('issues')
      .select(['id', 'kind', 'state', 'number'])
      .orderBy('kind')
      .execute();
    expect(issues).toMatchObject([
      { kind: 'daily', state: 'frozen', number: 1 },
      { kind: 'weekly', state: 'frozen', number: 1 },
    ]);
    const logged = apps.flatMap((app) => app.logged).filter((line) => line === 'issue frozen');
    expect(logged).toHaveLength(2);
    for (const { id } of issues) {
      const places = await db.selectFrom('candidates').select('place').where('issue_id', '=', id).execute();
      expect(new Set(places.map(({ place }) => place)).size).toBe(places.length);
      expect(places).not.toEqual([]);
    }
  });
});

test('a webhook that took so long that another process has tried it again changes nothing any more', async () => {
  const [one, other] = await two();
  const event = { id: 'issue.sent:1', body: '{}', subscriberId: null };
  await one.transaction().execute((trx) => queueHooks(trx, ['https://a.example'], event, NOW));
  const [slow] = await dueHooks(one, 'https://a.example', NOW, 1);
  if (!slow) throw new Error('nothing is due');
  expect(await reserveHookCall(one, slow, NOW + 1)).toBe(true);
  const [again] = await dueHooks(other, 'https://a.example', NOW + 1, 1);
  if (!again) throw new Error('nothing is due again');
  expect(await reserveHookCall(other, again, NOW + 9)).toBe(true);
  await settleHook(other, again, 'done', '200', 0);
  await settleHook(one, slow, 'waiting', 'timeout', NOW);
  expect(await dueHooks(one, 'https://a.example', NOW + 99, 1)).toEqual([]);
});
