import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { linkFor } from '../../src/subscribers/links.ts';
import { settleSignUps } from '../../src/subscribers/sign-up.ts';
import { enrollSubscribers, ledger, openTestApp, tempFolder } from '../support/app.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';
import { linkIn, openPages, stateOf } from '../support/pages.ts';

describe('signing up', () => {
  test('brings one mail, whose page changes nothing until its button is pressed, and then the latest issue', async () => {
    await using room = await openNewsroom({}, { realMails: true });
    const { app, relay } = room;
    await runOnce(app);
    const pages = openPages(app);
    expect((await pages.signUp('Ada@Example.org')).status).toBe(200);
    expect(relay.recipients()).toEqual(['Ada@example.org']);
    const link = await linkIn(relay.mails[0]?.raw, 'confirm');
    for (let look = 0; look < 3; look += 1) expect((await pages.get(link)).status).toBe(200);
    expect(await stateOf(app, 'ada@example.org')).toBe('pending');
    expect(relay.mails).toHaveLength(1);
    expect((await pages.post(link)).status).toBe(200);
    expect(await stateOf(app, 'ada@example.org')).toBe('active');
    expect(relay.mails).toHaveLength(2);
    expect((await simpleParser(relay.mails[1]?.raw ?? '')).subject).toBe('Welcome to Offprint');
    await pages.post(link);
    await runOnce(app);
    expect(relay.mails).toHaveLength(2);
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('is capped at one mail an hour and three a day for an address, and looks the same every time', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    const pages = openPages(app);
    const answers = new Set<string>();
    const counts: number[] = [];
    for (let hour = 0; hour < 6; hour += 1) {
      for (const email of ['ada@example.org', 'ADA@example.org'])
        answers.add((await pages.signUp(email)).text.replaceAll(/ada@/gi, ''));
      counts.push(relay.mails.length);
      app.time.advance(HOUR + 1);
    }
    expect(counts).toEqual([1, 2, 3, 3, 3, 3]);
    expect(answers.size).toBe(1);
    app.time.advance(DAY);
    await pages.signUp('ada@example.org');
    expect(relay.mails).toHaveLength(4);
  });

  test('with an address that reads already tells only its owner', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    await enrollSubscribers(app, ['ada@example.org']);
    const pages = openPages(app);
    const known = await pages.signUp('ada@example.org');
    const fresh = await pages.signUp('new@example.org');
    expect(known.text).toBe(fresh.text);
    expect(await linkIn(relay.mails[0]?.raw, 'confirm')).toBe('no link');
    expect(await linkIn(relay.mails[0]?.raw, 'preferences')).toContain('/preferences/');
  });

  test('with a suppressed address mails nobody', async () => {
    await using room = await openNewsroom();
    await enrollSubscribers(room.app, ['dead@example.org'], { state: 'suppressed' });
    expect((await openPages(room.app).signUp('dead@example.org')).status).toBe(200);
    expect(room.relay.mails).toEqual([]);
  });

  test('with what is no address is 422, and a forged link is 404', async () => {
    await using room = await openNewsroom();
    const pages = openPages(room.app);
    expect((await pages.signUp('ada@')).status).toBe(422);
    expect((await pages.signUp('a@example.org\r\nBcc: b@example.org')).status).toBe(422);
    for (const purpose of ['confirm', 'unsubscribe', 'preferences']) {
      expect((await pages.get(`/${purpose}/1.${'x'.repeat(27)}`)).status).toBe(404);
      expect((await pages.post(`/${purpose}/1.${'x'.repeat(27)}`)).status).toBe(404);
    }
    const [id = 0] = await enrollSubscribers(room.app, ['ada@example.org']);
    const link = linkFor(room.app, 'unsubscribe', id).replace('/unsubscribe/', '/preferences/');
    expect((await pages.get(link)).status).toBe(404);
  });

  test('is confirmed for seven days and no longer', async () => {
    await using room = await openNewsroom();
    const pages = openPages(room.app);
    await pages.signUp('ada@example.org');
    const link = await linkIn(room.relay.mails[0]?.raw, 'confirm');
    room.app.time.advance(7 * DAY + HOUR);
    expect((await pages.post(link)).status).toBe(410);
    expect(await stateOf(room.app, 'ada@example.org')).toBe('pending');
    await settleSignUps(room.app);
    expect(await stateOf(room.app, 'ada@example.org')).toBeUndefined();
    expect((await pages.get(link)).status).toBe(404);
  });

  test('again after leaving brings a new confirmation, and the issue that was withdrawn', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    const [id = 0] = await enrollSubscribers(app, ['ada@example.org']);
    await runOnce(app, { due: true });
    const pages = openPages(app);
    await pages.post(linkFor(app, 'unsubscribe', id));
    await pages.signUp('ada@example.org');
    expect(await stateOf(app, 'ada@example.org')).toBe('unsubscribed');
    await pages.post(await linkIn(relay.mails[0]?.raw, 'confirm'));
    expect(await stateOf(app, 'ada@example.org')).toBe('active');
    expect((await ledger(app)).map(({ state }) => state)).toEqual(['accepted']);
    expect(await wrongBooks(app)).toEqual([]);
  });
});

describe('leaving', () => {
  test('takes one click from the mail, asks nothing, and may be repeated', async () => {
    await using room = await openNewsroom();
    const { app } = room;
    const [id = 0] = await enrollSubscribers(app, ['ada@example.org', 'bea@example.org']);
    await runOnce(app, { due: true });
    const pages = openPages(app);
    const link = linkFor(app, 'unsubscribe', id);
    await pages.get(link);
    expect(await stateOf(app, 'ada@example.org')).toBe('active');
    for (let click = 0; click < 2; click += 1) {
      const answer = await pages.post(link, { 'List-Unsubscribe': 'One-Click' });
      expect(answer.status).toBe(200);
    }
    expect(await stateOf(app, 'ada@example.org')).toBe('unsubscribed');
    app.time.set('2026-08-19T07:00:00Z');
    await runOnce(app, { due: true });
    expect(room.relay.recipients()).toEqual(['bea@example.org']);
    expect((await ledger(app)).map(({ state }) => state)).toEqual(['suppressed', 'accepted']);
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('works with a link that an old SECRET has signed; other links do not', async () => {
    using folder = tempFolder();
    const DATABASE_URL = join(folder.path, 'offprint.db');
    const links: Record<string, string> = {};
    {
      await using before = await openTestApp({ DATABASE_URL, SECRET: 'the first secret' });
      const [id = 0] = await enrollSubscribers(before, ['ada@example.org']);
      for (const purpose of ['unsubscribe', 'preferences'] as const)
        links[purpose] = linkFor(before, purpose, id);
    }
    await using after = await openTestApp({ DATABASE_URL, SECRET: 'the second secret' });
    const pages = openPages(after);
    expect((await pages.get(links.preferences ?? '')).status).toBe(404);
    expect((await pages.post(links.unsubscribe ?? '')).status).toBe(200);
    expect(await stateOf(after, 'ada@example.org')).toBe('unsubscribed');
  });
});
