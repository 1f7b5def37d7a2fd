import { expect, test } from 'vitest';
import { goingByDomain } from '../../src/ledger/refusals.ts';
import { findSentMails, nameOfMail } from '../../src/ledger/returned.ts';
import { enrollSubscribers, memoryStore, planIssue, put } from '../support/store.ts';

test('those whom refusals of an issue took off the list, or would, are counted by their domains', async () => {
  const { db } = await memoryStore();
  const ids = await enrollSubscribers(db, 6);
  const issueId = await planIssue(db, ids);
  await put(db, issueId, 'failed');
  const set = async (index: number, state: 'failed' | 'deferred', reason: string, isSuppressed: boolean) => {
    const id = ids[index] ?? 0;
    await db.updateTable('deliveries').set({ state, reason }).where('subscriber_id', '=', id).execute();
    if (isSuppressed)
      await db.updateTable('subscribers').set({ state: 'suppressed' }).where('id', '=', id).execute();
  };
  await set(0, 'failed', 'hard', true);
  await set(1, 'failed', 'held', false);
  await set(2, 'deferred', 'held', false);
  await set(3, 'deferred', 'soft', false);
  await set(4, 'failed', 'soft', false);
  await db
    .updateTable('deliveries')
    .set({ address: 'somebody@Other.example' })
    .where('subscriber_id', '=', ids[5] ?? 0)
    .execute();
  await set(5, 'failed', 'hard', true);
  expect(await goingByDomain(db, issueId)).toEqual(
    new Map([
      ['example.org', 3],
      ['other.example', 1],
    ]),
  );
  expect(await goingByDomain(db, issueId + 1)).toEqual(new Map());
});

test('whom mails went to is found for many of them at once', async () => {
  const { db } = await memoryStore();
  const [one = 0, two = 0] = await enrollSubscribers(db, 2);
  const issueId = await planIssue(db, [one, two]);
  const mail = (subscriberId: number, of = issueId) =>
    ({ table: 'deliveries', issueId: of, subscriberId }) as const;
  const sent = await findSentMails(db, [
    mail(one),
    mail(two),
    mail(one, issueId + 1),
    { table: 'notices', id: 7 },
  ]);
  expect([...sent.keys()].sort()).toEqual([mail(one), mail(two)].map(nameOfMail));
  expect(sent.get(nameOfMail(mail(two)))?.subscriberId).toBe(two);
});
