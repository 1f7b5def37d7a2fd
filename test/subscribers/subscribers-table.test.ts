import { type KyselyPlugin, SqliteQueryCompiler, sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Db } from '../../src/db/schema.ts';
import { WEEKDAYS, WEEKLY } from '../../src/domain/weekdays.ts';
import { claim, settle } from '../../src/ledger/claims.ts';
import { addNotice, dueNotices, expireNotices } from '../../src/ledger/notices.ts';
import { releaseProfiles, removeUnusedProfiles, saveProfiles } from '../../src/ledger/profiles.ts';
import {
  addSubscriber,
  audienceAfter,
  countByState,
  countSubscribers,
  eraseSubscriber,
  findByAddress,
  findSubscriber,
  listSubscribers,
  purgePending,
  setDetails,
  setPreferences,
  setState,
} from '../../src/subscribers/subscribers-table.ts';
import { onSqlite } from '../support/engine.ts';
import { FROZEN, makeDetails, makeSubscriber } from '../support/makers.ts';
import { deliveryOf, enrollSubscribers, memoryStore, planIssue } from '../support/store.ts';

/** What nobody has chosen yet. */
const UNTOUCHED = { picks: null, pausedUntil: 0, language: '', tokenVersion: 0 };

describe('subscribers', () => {
  test('come back as they were added', async () => {
    const { db } = await memoryStore();
    const wanted = makeSubscriber({
      name: 'Ada "A." Ørsted',
      topics: ['cs.CL', 'author:Ada', '-lamps'],
      days: WEEKDAYS,
    });
    const added = await addSubscriber(db, wanted, FROZEN);
    expect(added).toEqual({ ...wanted, ...UNTOUCHED, id: added?.id, createdAt: FROZEN });
    expect(await findSubscriber(db, added?.id ?? 0)).toEqual(added);
    expect(await findByAddress(db, 'ADA@Example.org')).toEqual(added);
    expect(await findByAddress(db, 'ada@example.com')).toBeUndefined();
  });

  test('are one to a mailbox, whatever the letter case', async () => {
    const { db } = await memoryStore();
    await addSubscriber(db, makeSubscriber(), FROZEN);
    expect(await addSubscriber(db, makeSubscriber({ email: 'Ada@example.org' }), FROZEN)).toBeUndefined();
    expect(await listSubscribers(db, 0, 10)).toHaveLength(1);
  });

  test('change their preferences and details, and keep state and consent', async () => {
    const { db } = await memoryStore();
    const [id = 0] = await enrollSubscribers(db, 1, { state: 'pending', consent: 'form' });
    await setPreferences(db, id, { timezone: 'Asia/Tokyo', deliverAt: '21:30', days: WEEKLY });
    expect(await findSubscriber(db, id)).toMatchObject({
      timezone: 'Asia/Tokyo',
      deliverAt: '21:30',
      days: WEEKLY,
    });
    await setDetails(db, id, makeDetails({ email: 'Reader1@example.org', name: 'One', topics: ['lamps'] }));
    expect(await findSubscriber(db, id)).toMatchObject({
      email: 'Reader1@example.org',
      name: 'One',
      topics: ['lamps'],
      timezone: 'UTC',
      state: 'pending',
      consent: 'form',
    });
  });

  test('are read in slices by id', async () => {
    const { db } = await memoryStore();
    const ids = await enrollSubscribers(db, 5);
    const slice = (after: number) => listSubscribers(db, after, 2).then((rows) => rows.map((row) => row.id));
    expect(await slice(0)).toEqual(ids.slice(0, 2));
    expect(await slice(ids[1] ?? 0)).toEqual(ids.slice(2, 4));
    expect(await slice(ids[4] ?? 0)).toEqual([]);
  });

  test('of the daily issue are active and not weekly', async () => {
    const { db } = await memoryStore();
    const [one = 0, two = 0, three = 0, four = 0, five = 0] = await enrollSubscribers(db, 5);
    await setState(db, one, 'unsubscribed', FROZEN);
    await setState(db, two, 'pending', FROZEN);
    await setState(db, three, 'suppressed', FROZEN);
    await setPreferences(db, four, { timezone: 'UTC', deliverAt: '07:00', days: WEEKLY });
    expect((await audienceAfter(db, 'daily', 0, 10)).map((subscriber) => subscriber.id)).toEqual([five]);
    expect(await countSubscribers(db, 'daily')).toBe(1);
    expect(await countByState(db)).toEqual([
      { state: 'active', count: 2 },
      { state: 'pending', count: 1 },
      { state: 'suppressed', count: 1 },
      { state: 'unsubscribed', count: 1 },
    ]);
  });

  test('who are erased leave their deliveries as numbers, without an address anywhere', async () => {
    const { db } = await memoryStore();
    const [one = 0, two = 0] = await enrollSubscribers(db, 2);
    const issueId = await planIssue(db, [one, two]);
    const key = { table: 'deliveries', issueId, subscriberId: one } as const;
    await claim(db, key, 'me', FROZEN);
    const reply = '250 2.1.5 <reader1@example.org> delivered';
    await settle(db, key, 'me', { kind: 'accepted', reply }, { now: FROZEN, nextAt: 0 });
    await addNotice(db, 'known', { id: one, email: 'reader1@example.org' }, FROZEN);
    await db.transaction().execute((trx) => eraseSubscriber(trx, one));
    expect(await findSubscriber(db, one)).toBeUndefined();
    expect(await deliveryOf(db, issueId, one)).toMatchObject({
      state: 'accepted',
      address: '',
      reply: '(erased)',
    });
    expect(await dueNotices(db, 10)).toEqual([]);
    expect(await deliveryOf(db, issueId, two)).toMatchObject({ address: 'reader2@example.org' });
    const [next] = await enrollSubscribers(db, 1);
    expect(next).toBeGreaterThan(two);
  });
});

describe('profiles', () => {
  const keep = (db: Db, topic: string) =>
    db.transaction().execute(async (trx) => (await saveProfiles(trx, [{ topics: [topic] }]))[0] ?? 0);
  const bodies = async (db: Db) =>
    (await db.selectFrom('profiles').select('body').execute()).map((row) => row.body);

  test('of an erased reader go, but for those that others have', async () => {
    const { db } = await memoryStore();
    const [one = 0, two = 0] = await enrollSubscribers(db, 2);
    const first = await planIssue(db, [one, two]);
    const second = await planIssue(db, [one, two], { date: '2026-08-20' });
    const own = await keep(db, 'own');
    const shared = await keep(db, 'shared');
    const give = (issueId: number, subscriberId: number, profileId: number) =>
      db
        .updateTable('deliveries')
        .set({ profile_id: profileId, picks: '3 5' })
        .where('issue_id', '=', issueId)
        .where('subscriber_id', '=', subscriberId)
        .execute();
    await give(first, one, own);
    await give(second, one, shared);
    await give(second, two, shared);
    await db.transaction().execute((trx) => eraseSubscriber(trx, one));
    expect(await bodies(db)).toEqual(['{"topics":["shared"]}']);
    for (const issueId of [first, second])
      expect(await deliveryOf(db, issueId, one)).toMatchObject({ profile_id: 0, picks: '0' });
    expect(await deliveryOf(db, second, two)).toMatchObject({ profile_id: shared, picks: '3 5' });
  });

  onSqlite('are looked up in the index of personal deliveries, not among all', async () => {
    const { db } = await memoryStore();
    const queries: string[] = [];
    const plugin: KyselyPlugin = {
      transformQuery: ({ node, queryId }) => {
        queries.push(new SqliteQueryCompiler().compileQuery(node, queryId).sql);
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    await db
      .withPlugin(plugin)
      .transaction()
      .execute((trx) => releaseProfiles(trx, [1]));
    const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(queries[0] ?? '')}`.execute(
      db,
    );
    expect(rows.map(({ detail }) => detail).join('\n')).toContain('INDEX deliveries_by_profile');
  });

  test('go slice by slice when no delivery has them', async () => {
    const { db } = await memoryStore();
    const [one = 0] = await enrollSubscribers(db, 1);
    const issueId = await planIssue(db, [one]);
    for (const topic of ['a', 'b', 'c', 'd', 'e']) await keep(db, topic);
    await db.updateTable('deliveries').set({ profile_id: 3 }).where('issue_id', '=', issueId).execute();
    const slice = (after: number) => db.transaction().execute((trx) => removeUnusedProfiles(trx, after, 2));
    expect([await slice(0), await slice(2), await slice(4), await slice(5)]).toEqual([2, 4, 5, undefined]);
    expect(await bodies(db)).toEqual(['{"topics":["c"]}']);
  });
});

test('sign-ups that nobody confirmed are forgotten, and nobody who has ever left or been mailed', async () => {
  const { db } = await memoryStore();
  const [fresh = 0, old = 0, left = 0, subscriber = 0] = await enrollSubscribers(db, 4, { state: 'pending' });
  await planIssue(db, [subscriber]);
  await setState(db, left, 'unsubscribed', FROZEN);
  for (const id of [old, left, subscriber]) await setState(db, id, 'pending', FROZEN - 1);
  const purge = () => db.transaction().execute((trx) => purgePending(trx, FROZEN, FROZEN + 1, 10));
  expect([await purge(), await purge()]).toEqual([3, 0]);
  const states = await Promise.all([fresh, old, left, subscriber].map((id) => findSubscriber(db, id)));
  expect(states.map((row) => row?.state)).toEqual(['pending', undefined, 'unsubscribed', 'unsubscribed']);
});

describe('notices', () => {
  test('are due in the order of their making, until they are claimed', async () => {
    const { db } = await memoryStore();
    for (const id of [7, 8, 9]) await addNotice(db, 'confirm', { id, email: `r${id}@example.org` }, FROZEN);
    const [first] = await dueNotices(db, 2);
    expect(first).toMatchObject({ kind: 'confirm', subscriberId: 7, address: 'r7@example.org', attempts: 0 });
    await claim(db, { table: 'notices', id: first?.id ?? 0 }, 'me', FROZEN);
    expect((await dueNotices(db, 2)).map((row) => row.subscriberId)).toEqual([8, 9]);
  });

  test('that could not be sent for long are given up', async () => {
    const { db } = await memoryStore();
    await addNotice(db, 'confirm', { id: 7, email: 'old@example.org' }, FROZEN - 1);
    await addNotice(db, 'confirm', { id: 8, email: 'new@example.org' }, FROZEN);
    await expireNotices(db, FROZEN, FROZEN);
    expect((await dueNotices(db, 10)).map((row) => row.address)).toEqual(['new@example.org']);
  });
});
