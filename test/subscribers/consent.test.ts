import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { DAY, HOUR, SECOND } from '../../src/domain/time.ts';
import { importSubscribers } from '../../src/subscribers/import.ts';
import { linkFor } from '../../src/subscribers/links.ts';
import { settleSignUps } from '../../src/subscribers/sign-up.ts';
import { findByAddress, purgePending } from '../../src/subscribers/subscribers-table.ts';
import { suppressSubscriber } from '../../src/subscribers/suppress.ts';
import { enrollSubscribers, openTestApp, tempFolder } from '../support/app.ts';
import { openNewsroom } from '../support/newsroom.ts';
import { linkIn, openPages, stateOf } from '../support/pages.ts';
import { startSmtpServer } from '../support/smtp-server.ts';

const DEAD = { reason: 'hard', reply: '550 5.1.1 no such mailbox' } as const;

const ADA = 'ada@example.org';

async function importList(app: App): Promise<void> {
  using folder = tempFolder();
  const path = join(folder.path, 'readers.csv');
  writeFileSync(path, `email,name\n${ADA},Ada\n`);
  await importSubscribers(app, path);
}

describe('whoever has left', () => {
  test('stays away when a stranger types their address and the operator imports the same list again', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await importList(app);
    const { id = 0 } = (await findByAddress(app.store.db, ADA)) ?? {};
    const pages = openPages(app);
    await pages.post(linkFor(app, 'unsubscribe', id));
    await pages.signUp(ADA);
    expect(relay.recipients()).toEqual([ADA]);
    await importList(app);
    expect(await stateOf(app, ADA)).toBe('unsubscribed');
    app.time.advance(8 * DAY);
    await settleSignUps(app);
    await importList(app);
    expect(await findByAddress(app.store.db, ADA)).toMatchObject({ id, state: 'unsubscribed' });
  });

  test('comes back by the button of a mail that came after that, and then by their own wish', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await importList(app);
    const pages = openPages(app);
    const { id = 0 } = (await findByAddress(app.store.db, ADA)) ?? {};
    await pages.post(linkFor(app, 'unsubscribe', id));
    await pages.signUp(ADA);
    const link = await linkIn(relay.mails[0]?.raw, 'confirm');
    expect((await pages.get(link)).text).toContain('One click to go');
    expect((await pages.post(link)).text).toContain('You are subscribed');
    expect(await findByAddress(app.store.db, ADA)).toMatchObject({ state: 'active', consent: 'form' });
  });

  test('is told so by a link that they used before, and offered to subscribe again', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    const pages = openPages(app);
    await pages.signUp(ADA);
    const link = await linkIn(relay.mails[0]?.raw, 'confirm');
    await pages.post(link);
    const { id = 0 } = (await findByAddress(app.store.db, ADA)) ?? {};
    await pages.post(linkFor(app, 'unsubscribe', id));
    for (const page of [await pages.get(link), await pages.post(link)]) {
      expect(page.text).toContain('You are unsubscribed');
      expect(page.text).toContain('action="/subscribe"');
      expect(page.text).not.toContain('You are subscribed');
    }
    expect(await stateOf(app, ADA)).toBe('unsubscribed');
  });

  test('twice within one moment stays away from a link of before the second time', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await importList(app);
    const { id = 0 } = (await findByAddress(app.store.db, ADA)) ?? {};
    const pages = openPages(app);
    await pages.post(linkFor(app, 'unsubscribe', id));
    await pages.signUp(ADA);
    await pages.post(linkFor(app, 'unsubscribe', id));
    expect((await pages.post(await linkIn(relay.mails[0]?.raw, 'confirm'))).status).toBe(410);
    expect(await stateOf(app, ADA)).toBe('unsubscribed');
  });

  test('is never forgotten as somebody who only signed up', async () => {
    await using app = await openTestApp();
    const [left = 0, dead = 0] = await enrollSubscribers(app, [ADA, 'dead@example.org']);
    await openPages(app).post(linkFor(app, 'unsubscribe', left));
    await suppressSubscriber(app, dead, DEAD);
    await app.store.db.updateTable('subscribers').set({ state: 'pending' }).execute();
    app.time.advance(30 * DAY);
    const now = app.clock();
    await app.store.db.transaction().execute((trx) => purgePending(trx, now - 7 * DAY, now, 10));
    expect([await stateOf(app, ADA), await stateOf(app, 'dead@example.org')]).toEqual([
      'unsubscribed',
      'unsubscribed',
    ]);
  });

  test('is mailed again only after a button from a mail that was sent since, whatever strangers and files do', async () => {
    const action = fc.constantFrom('type', 'import', 'leave', 'press', 'press the first', 'wait', 'week');
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 9 }), async (actions) => {
        await using relay = await startSmtpServer();
        await using app = await openTestApp({ SMTP_URL: relay.url });
        const pages = openPages(app);
        await importList(app);
        const { id = 0 } = (await findByAddress(app.store.db, ADA)) ?? {};
        let leftAfter: number | undefined;
        const press = async (nth: number) => {
          const mails = relay.mails.filter(({ to }) => to === ADA);
          const index = nth < 0 ? mails.length - 1 : nth;
          const link = await linkIn(mails[index]?.raw, 'confirm');
          if (link !== 'no link') await pages.post(link);
          if (leftAfter !== undefined && index >= leftAfter && link !== 'no link') leftAfter = undefined;
        };
        for (const what of actions) {
          if (what === 'type') await pages.signUp(ADA);
          if (what === 'import') await importList(app);
          if (what === 'press') await press(-1);
          if (what === 'press the first') await press(0);
          if (what === 'wait') app.time.advance(HOUR + SECOND);
          if (what === 'week') app.time.advance(7 * DAY + SECOND);
          if (what === 'leave') {
            await pages.post(linkFor(app, 'unsubscribe', id));
            leftAfter = relay.mails.filter(({ to }) => to === ADA).length;
          }
          if (leftAfter !== undefined) expect(await stateOf(app, ADA)).toBe('unsubscribed');
        }
      }),
    );
  });
});

test('a dead address is not told that it is subscribed', async () => {
  await using room = await openNewsroom();
  const { app, relay } = room;
  const pages = openPages(app);
  await pages.signUp(ADA);
  const link = await linkIn(relay.mails[0]?.raw, 'confirm');
  await pages.post(link);
  const { id = 0 } = (await findByAddress(app.store.db, ADA)) ?? {};
  await suppressSubscriber(app, id, DEAD);
  for (const page of [await pages.get(link), await pages.post(link)]) {
    expect(page.text).toContain('We cannot send email to this address');
    expect(page.text).not.toContain('You are subscribed');
  }
  expect(await stateOf(app, ADA)).toBe('suppressed');
});

test('a confirm link gives a link to the preferences to whoever presses the button, and to nobody who only looks', async () => {
  await using room = await openNewsroom();
  const pages = openPages(room.app);
  await pages.signUp(ADA);
  const link = await linkIn(room.relay.mails[0]?.raw, 'confirm');
  expect((await pages.post(link)).text).toContain('/preferences/');
  const look = await pages.get(link);
  expect(look.text).toContain('You are subscribed');
  expect(look.text).not.toContain('/preferences/');
});
