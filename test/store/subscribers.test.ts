import { describe, expect, test } from 'vitest';
import { WEEKDAYS, WEEKLY } from '../../src/domain/days.ts';
import { addNotice, dueNotices, expireNotices } from '../../src/store/notices.ts';
import {
  addSubscriber,
  countByState,
  countReaders,
  eraseSubscriber,
  findByAddress,
  findSubscriber,
  listSubscribers,
  readersAfter,
  setDetails,
  setPreferences,
  setState,
} from '../../src/store/subscribers.ts';
import { claim, settle } from '../../src/store/work.ts';
import { FROZEN, makeSubscriber } from '../support/makers.ts';
import { addReaders, deliveryOf, memoryStore, planIssue } from '../support/store.ts';

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
    const [id = 0] = await addReaders(db, 1, { state: 'pending', consent: 'form' });
    await setPreferences(db, id, { timezone: 'Asia/Tokyo', deliverAt: '21:30', days: WEEKLY });
    expect(await findSubscriber(db, id)).toMatchObject({
      timezone: 'Asia/Tokyo',
      deliverAt: '21:30',
      days: WEEKLY,
    });
    await setDetails(
      db,
      id,
      makeSubscriber({ email: 'Reader1@example.org', name: 'One', topics: ['lamps'] }),
    );
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
    const ids = await addReaders(db, 5);
    const slice = (after: number) => listSubscribers(db, after, 2).then((rows) => rows.map((row) => row.id));
    expect(await slice(0)).toEqual(ids.slice(0, 2));
    expect(await slice(ids[1] ?? 0)).toEqual(ids.slice(2, 4));
    expect(await slice(ids[4] ?? 0)).toEqual([]);
  });

  test('of the daily issue are active and not weekly', async () => {
    const { db } = await memoryStore();
    const [one = 0, two = 0, three = 0, four = 0, five = 0] = await addReaders(db, 5);
    await setState(db, one, 'unsubscribed', FROZEN);
    await setState(db, two, 'pending', FROZEN);
    await setState(db, three, 'suppressed', FROZEN);
    await setPreferences(db, four, { timezone: 'UTC', deliverAt: '07:00', days: WEEKLY });
    expect((await readersAfter(db, 'daily', 0, 10)).map((reader) => reader.id)).toEqual([five]);
    expect(await countReaders(db, 'daily')).toBe(1);
    expect(await countByState(db)).toEqual([
      { state: 'active', count: 2 },
      { state: 'pending', count: 1 },
      { state: 'suppressed', count: 1 },
      { state: 'unsubscribed', count: 1 },
    ]);
  });

  test('who are erased leave their deliveries as numbers, without an address anywhere', async () => {
    const { db } = await memoryStore();
    const [one = 0, two = 0] = await addReaders(db, 2);
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
    const [next] = await addReaders(db, 1);
    expect(next).toBeGreaterThan(two);
  });
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
