import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { enrollSubscriber, eraseByAddress, removeSubscriber } from '../../src/subscribers/admin.ts';
import { importSubscribers } from '../../src/subscribers/import.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { suppressSubscriber } from '../../src/subscribers/suppress.ts';
import { findSuppression } from '../../src/subscribers/suppressions-table.ts';
import { openTestApp, tempFolder } from '../support/app.ts';
import { openNewsroom, runOnce } from '../support/newsroom.ts';
import { linkIn, openPages, stateOf } from '../support/pages.ts';

const ADA = 'ada@example.org';

async function importAda(app: App, dryRun = false) {
  using folder = tempFolder();
  const path = join(folder.path, 'readers.csv');
  writeFileSync(path, `email\nADA@example.org\nbea@example.org\n`);
  return await importSubscribers(app, path, { dryRun });
}

const WAYS: [string, (app: App) => Promise<unknown>, string][] = [
  ['left', (app) => removeSubscriber(app, ADA), 'unsubscribed'],
  [
    'left and was erased',
    (app) => removeSubscriber(app, ADA).then(() => eraseByAddress(app, ADA)),
    'unsubscribed',
  ],
  ['was erased', (app) => eraseByAddress(app, ADA), 'unsubscribed'],
  [
    'was found dead and erased',
    async (app) => {
      const { id = 0 } = (await findByAddress(app.store.db, ADA)) ?? {};
      await suppressSubscriber(app, id, { reason: 'hard', reply: `550 5.1.1 <${ADA}>: no such user` });
      await eraseByAddress(app, ADA);
    },
    'hard',
  ],
];

describe('a reader who', () => {
  test.each(WAYS)('%s does not come back with a list', async (_, leave, reason) => {
    await using app = await openTestApp();
    await enrollSubscriber(app, ADA);
    await leave(app);
    expect(await importAda(app, true)).toMatchObject({ added: 1, stayedAway: 1 });
    expect(await importAda(app)).toMatchObject({ added: 1, stayedAway: 1 });
    expect(await stateOf(app, ADA)).not.toBe('active');
    expect(await findSuppression(app.store.db, ADA)).toMatchObject({ reason });
    expect(JSON.stringify(await app.store.db.selectFrom('suppressions').selectAll().execute())).not.toMatch(
      /ada/i,
    );
  });

  test.each(WAYS)('%s comes back when the operator adds them by name', async (_, leave) => {
    await using app = await openTestApp();
    await enrollSubscriber(app, ADA);
    await leave(app);
    await enrollSubscriber(app, ADA);
    expect(await stateOf(app, ADA)).toBe('active');
    expect(await findSuppression(app.store.db, ADA)).toBeUndefined();
  });

  test('was erased comes back by signing up and confirming, and only then', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscriber(app, ADA);
    await eraseByAddress(app, ADA);
    const pages = openPages(app);
    await pages.signUp(ADA);
    expect(await importAda(app)).toMatchObject({ added: 1, updated: 0, stayedAway: 1 });
    expect(await stateOf(app, ADA)).toBe('pending');
    await pages.post(await linkIn(relay.mails.find(({ to }) => to === ADA)?.raw, 'confirm'));
    expect(await stateOf(app, ADA)).toBe('active');
    expect(await findSuppression(app.store.db, ADA)).toBeUndefined();
    await runOnce(app);
    expect(relay.recipients()).toContain(ADA);
  });

  test('was found dead and erased gets no mail when somebody types the address', async () => {
    await using room = await openNewsroom();
    await enrollSubscriber(room.app, ADA);
    await WAYS[3]?.[1](room.app);
    await openPages(room.app).signUp(ADA);
    expect(room.relay.mails).toEqual([]);
    expect(await stateOf(room.app, ADA)).toBeUndefined();
  });

  test('has only typed an address and never confirmed it leaves nothing behind', async () => {
    await using room = await openNewsroom();
    await openPages(room.app).signUp(ADA);
    await eraseByAddress(room.app, ADA);
    expect(await findSuppression(room.app.store.db, ADA)).toBeUndefined();
    expect(await importAda(room.app)).toMatchObject({ added: 2 });
  });
});
