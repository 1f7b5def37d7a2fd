import { expect, test } from 'vitest';
import {
  dueHooks,
  eraseFromHooks,
  queueHooks,
  reserveHookCall,
  waitingAddresses,
} from '../../src/ledger/hook-calls.ts';
import { addSubscribers, findByAddresses } from '../../src/subscribers/import-table.ts';
import { makeSubscriber } from '../support/makers.ts';
import { memoryStore } from '../support/store.ts';

const ADA = makeSubscriber({ email: 'Ada@example.org', topics: ['cs.CL', "it's"] });

test('many readers come in with one statement, and those who are there stay as they are', async () => {
  const { db } = await memoryStore();
  const added = await addSubscribers(db, [ADA, makeSubscriber({ email: 'bea@example.org' })], 5);
  expect(added.map(({ email }) => email).toSorted()).toEqual(['Ada@example.org', 'bea@example.org']);
  expect(await addSubscribers(db, [{ ...ADA, email: 'ada@EXAMPLE.org', name: 'Other' }], 6)).toEqual([]);
  const found = await findByAddresses(db, ['ada@example.org', 'nobody@example.org']);
  expect([...found.keys()]).toEqual(['ada@example.org']);
  expect(found.get('ada@example.org')).toMatchObject({ ...ADA, createdAt: 5 });
});

test('a character that an engine cannot store, in a name or in what is looked for, stops no list', async () => {
  const { db } = await memoryStore();
  const odd = makeSubscriber({ email: 'ada@example.org', name: 'A\0da \ud83d' });
  expect(await addSubscribers(db, [odd, makeSubscriber({ email: 'bea@example.org' })], 5)).toHaveLength(2);
  const found = await findByAddresses(db, [
    'nobody\0@example.org',
    'half\ud83d@example.org',
    'bea@example.org',
  ]);
  expect([...found.keys()]).toEqual(['bea@example.org']);
});

test('a call to another program is queued once, claimed once, and loses the address of who is erased', async () => {
  const { db } = await memoryStore();
  const [ada] = await addSubscribers(db, [ADA], 5);
  const event = { id: 'subscribed:1', body: '{"email":"Ada@example.org"}', subscriberId: ada?.id ?? 0 };
  await db.transaction().execute(async (trx) => {
    await queueHooks(trx, ['https://a.example', 'https://b.example'], event, 1);
    await queueHooks(trx, ['https://a.example'], event, 1);
  });
  expect((await waitingAddresses(db, 1)).toSorted()).toEqual(['https://a.example', 'https://b.example']);
  const due = await dueHooks(db, 'https://a.example', 1, 10);
  expect(due).toHaveLength(1);
  const claims = await Promise.all(
    due.flatMap((call) => [reserveHookCall(db, call, 9), reserveHookCall(db, call, 9)]),
  );
  expect(claims.toSorted()).toEqual([false, true]);
  await db.transaction().execute((trx) => eraseFromHooks(trx, ada?.id ?? 0));
  for (const url of ['https://a.example', 'https://b.example'])
    expect((await dueHooks(db, url, 9, 10)).map(({ body }) => body)).toEqual(['{"email":""}']);
});
