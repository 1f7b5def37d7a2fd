import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { EVERY_DAY, WEEKLY } from '../../src/domain/weekdays.ts';
import { eraseByAddress } from '../../src/subscribers/admin.ts';
import { changePreferences } from '../../src/subscribers/lifecycle.ts';
import { linkFor } from '../../src/subscribers/links.ts';
import { findSubscriber } from '../../src/subscribers/subscribers-table.ts';
import { enrollSubscribers, ledger, openTestApp } from '../support/app.ts';
import { openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';
import { linkIn, openPages, stateOf } from '../support/pages.ts';

const ADA = 'ada@example.org';
const FORM = { deliver_at: '07:00', timezone: 'UTC', rhythm: 'every' };

/** A newsroom with one subscriber, who has asked for a link to their own mailbox. */
async function openWithLink(purpose: 'manage' | 'erase') {
  const room = await openNewsroom();
  const [id = 0] = await enrollSubscribers(room.app, [ADA]);
  const pages = openPages(room.app);
  const preferences = linkFor(room.app, 'preferences', id);
  await pages.post(`${preferences}/link`, { for: purpose });
  const link = await linkIn(room.relay.mails[0]?.raw, purpose);
  return { room, app: room.app, relay: room.relay, id, pages, preferences, link };
}

describe('an unsubscribe link', () => {
  test('sets two things: unsubscribed, or weekly', async () => {
    await using app = await openTestApp();
    const [id = 0] = await enrollSubscribers(app, [ADA]);
    const pages = openPages(app);
    const link = linkFor(app, 'unsubscribe', id);
    expect((await pages.get(link)).text).toContain('Get one email a week instead');
    expect((await pages.get(`${link}/weekly`)).status).toBe(405);
    expect((await pages.post(`${link}/weekly`)).text).toContain('You now get one email a week');
    expect(await findSubscriber(app.store.db, id)).toMatchObject({ state: 'active', days: WEEKLY });
    await pages.post(link, { 'List-Unsubscribe': 'One-Click' });
    expect(await findSubscriber(app.store.db, id)).toMatchObject({ state: 'unsubscribed', days: WEEKLY });
    expect((await pages.post(`${link}/weekly`)).text).toContain('You are unsubscribed');
    expect(await stateOf(app, ADA)).toBe('unsubscribed');
  });

  test('works for ever: years later, and from a mail to an older address', async () => {
    await using app = await openTestApp();
    const [id = 0] = await enrollSubscribers(app, [ADA]);
    const links = { leave: linkFor(app, 'unsubscribe', id), change: linkFor(app, 'preferences', id) };
    await app.store.db.updateTable('subscribers').set({ token_version: 5 }).execute();
    app.time.advance(3650 * DAY);
    const pages = openPages(app);
    expect((await pages.get(links.change)).status).toBe(404);
    expect((await pages.post(links.leave)).status).toBe(200);
    expect(await stateOf(app, ADA)).toBe('unsubscribed');
  });
});

describe('a preferences link', () => {
  test('gives away no address, and changes no more than the mail', async () => {
    await using room = await openNewsroom();
    const { app } = room;
    await runOnce(app);
    const [id = 0] = await enrollSubscribers(app, [ADA], { name: 'Ada Example' });
    const pages = openPages(app);
    const link = linkFor(app, 'preferences', id);
    const wishes = {
      ...FORM,
      rhythm: 'weekly',
      picks: '5',
      interests: 'cs.CL\nauthor: Ada Example\nhttps://arxiv.org/abs/2510.01234v2\nCS.cl',
      mutes: '-lamps\nslow gardens',
      email: 'eve@example.org',
      state: 'suppressed',
    };
    const saved = await pages.post(link, wishes);
    expect(saved.status).toBe(200);
    for (const page of [saved, await pages.get(link)])
      expect(page.text).not.toMatch(/@example\.org|Ada Ex.*Bo/);
    expect(await findSubscriber(app.store.db, id)).toMatchObject({
      email: ADA,
      state: 'active',
      days: WEEKLY,
      picks: 5,
      topics: ['CS.cl', 'author:Ada Example', 'like:2510.01234', '-lamps', '-slow gardens'],
    });
  });

  test('shows after saving what the next issue would bring, as many papers as were asked for', async () => {
    await using room = await openNewsroom({ PICKS: '5' });
    await runOnce(room.app);
    const [id = 0] = await enrollSubscribers(room.app, [ADA]);
    const pages = openPages(room.app);
    const saved = await pages.post(linkFor(room.app, 'preferences', id), { ...FORM, picks: '3' });
    expect(saved.text).toContain('Your next issue');
    expect(saved.text.match(/<li dir="auto">/g)).toHaveLength(3);
  });

  test('refuses topics that are none, and keeps what was typed', async () => {
    await using app = await openTestApp();
    const [id = 0] = await enrollSubscribers(app, [ADA]);
    const interests = `like:nonsense\n${'x'.repeat(200)}\n<b>bold</b>`;
    const answer = await openPages(app).post(linkFor(app, 'preferences', id), { ...FORM, interests });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('expected like:2510.01234 or a link to it');
    expect(answer.text).toContain('&lt;b&gt;bold&lt;/b&gt;');
    expect((await findSubscriber(app.store.db, id))?.topics).toEqual([]);
  });

  test('mails its reader a link for the rest, a few times and no more', async () => {
    await using room = await openNewsroom();
    const [id = 0] = await enrollSubscribers(room.app, [ADA]);
    const pages = openPages(room.app);
    const answers = new Set<string>();
    for (let asked = 0; asked < 6; asked += 1)
      answers.add((await pages.post(`${linkFor(room.app, 'preferences', id)}/link`, { for: 'manage' })).text);
    expect([answers.size, room.relay.recipients()]).toEqual([1, [ADA, ADA, ADA]]);
  });
});

describe('a pause', () => {
  test('withholds what is due before its end, and the books balance', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    const [id = 0] = await enrollSubscribers(app, [ADA, 'bea@example.org']);
    await runOnce(app, { due: true });
    const pages = openPages(app);
    await pages.post(linkFor(app, 'preferences', id), { ...FORM, pause: '2' });
    expect((await ledger(app)).map(({ state }) => state)).toEqual(['suppressed', 'planned']);
    app.time.set('2026-08-19T07:00:00Z');
    await runOnce(app, { due: true });
    expect(relay.recipients()).toEqual(['bea@example.org']);
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('also withholds issues that are frozen during it, and ends by itself', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    const [id = 0] = await enrollSubscribers(app, [ADA]);
    await changePreferences(app, id, {
      timezone: 'UTC',
      deliverAt: '07:00',
      days: EVERY_DAY,
      language: '',
      pausedUntil: Date.parse('2026-08-19T09:00:00Z'),
    });
    await runOnce(app, { due: true });
    expect(await ledger(app)).toMatchObject([{ state: 'suppressed' }]);
    room.feeds.state.days['2026-08-19'] = room.feeds.state.days['2026-08-18'] ?? [];
    app.time.set('2026-08-20T07:00:00Z');
    await runOnce(app, { due: true, at: app.clock() });
    expect(relay.recipients().length).toBeLessThanOrEqual(1);
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('that is ended early brings the issue that was withheld', async () => {
    await using room = await openNewsroom();
    const { app, relay } = room;
    const [id = 0] = await enrollSubscribers(app, [ADA]);
    await runOnce(app, { due: true });
    const pages = openPages(app);
    const link = linkFor(app, 'preferences', id);
    expect((await pages.post(link, { ...FORM, pause: '1' })).text).toContain('after a pause until');
    expect((await pages.get(link)).text).toContain('Paused until Wednesday');
    await pages.post(link, { ...FORM, pause: '0' });
    app.time.set('2026-08-19T07:00:00Z');
    await runOnce(app, { due: true });
    expect(relay.recipients()).toEqual([ADA]);
    expect(await wrongBooks(app)).toEqual([]);
  });
});

describe('changing the address', () => {
  test('is proved from the new mailbox, takes what is unsent along, and makes older links worthless', async () => {
    const { room, app, relay, id, pages, preferences, link } = await openWithLink('manage');
    await using _ = room;
    await runOnce(app, { due: true });
    expect((await pages.get(link)).text).toContain(ADA);
    await pages.post(`${link}/address`, { email: 'first@example.org' });
    app.time.advance(HOUR);
    await pages.post(`${link}/address`, { email: 'New+papers@example.org' });
    expect(relay.mails.map(({ to }) => to)).toEqual([ADA, 'first@example.org', 'New+papers@example.org']);
    const stale = await linkIn(relay.mails[1]?.raw, 'address');
    const proof = await linkIn(relay.mails[2]?.raw, 'address');
    expect((await pages.post(stale)).status, 'only the last wish counts').toBe(410);
    expect((await pages.get(proof)).text).toContain('New+papers@example.org');
    expect((await findSubscriber(app.store.db, id))?.email).toBe(ADA);
    expect((await pages.post(proof)).text).toContain('Your address has changed');
    expect((await ledger(app)).map(({ address }) => address)).toEqual(['New+papers@example.org']);
    for (const old of [preferences, link, proof]) expect((await pages.get(old)).status).toBe(404);
    app.time.set('2026-08-19T07:00:00Z');
    await runOnce(app, { due: true });
    expect(relay.mails.at(-1)?.to).toBe('New+papers@example.org');
    expect(await wrongBooks(app)).toEqual([]);
  });

  test('to a reader of their own shows the same page, tells only them, and changes nothing', async () => {
    const { room, app, relay, id, pages, link } = await openWithLink('manage');
    await using _ = room;
    await enrollSubscribers(app, ['bea@example.org']);
    await enrollSubscribers(app, ['dead@example.org'], { state: 'suppressed' });
    const texts = new Set<string>();
    for (const name of ['bea', 'dead', 'free']) {
      const { text } = await pages.post(`${link}/address`, { email: `${name}@example.org` });
      texts.add(text.replaceAll(name, 'NAME'));
    }
    expect(texts.size).toBe(1);
    expect(relay.mails.map(({ to }) => to)).toEqual([ADA, 'bea@example.org', 'free@example.org']);
    const proof = await linkIn(relay.mails[2]?.raw, 'address');
    await enrollSubscribers(app, ['free@example.org']);
    expect((await pages.post(proof)).text).toContain('Nothing has changed');
    expect((await findSubscriber(app.store.db, id))?.email).toBe(ADA);
  });

  test('to one that is dead leaves the reader where they are', async () => {
    const { room, app, relay, pages, link } = await openWithLink('manage');
    await using _ = room;
    relay.follow(({ stage, to }) => (stage === 'rcpt' && to.startsWith('dead') ? '550 5.1.1 no' : undefined));
    await pages.post(`${link}/address`, { email: 'dead@example.org' });
    expect(relay.mails).toHaveLength(1);
    expect(await stateOf(app, ADA)).toBe('active');
  });

  test('takes a link that is fresh', async () => {
    const { room, app, pages, link } = await openWithLink('manage');
    await using _ = room;
    app.time.advance(5 * HOUR);
    expect((await pages.get(link)).status).toBe(410);
    expect((await pages.post(`${link}/address`, { email: 'new@example.org' })).status).toBe(410);
    expect((await pages.post(`${link}/export`)).status).toBe(410);
  });
});

test('one’s data comes whole, as a file', async () => {
  const { room, app, pages, link } = await openWithLink('manage');
  await using _ = room;
  await runOnce(app);
  const answer = await pages.post(`${link}/export`);
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="my-data.json"');
  expect(JSON.parse(answer.text)).toMatchObject({
    email: ADA,
    state: 'active',
    deliverAt: '07:00',
    days: 'every day',
    deliveries: [{ issue: '2026-08-19', kind: 'daily', address: ADA, state: 'accepted' }],
    notices: [{ kind: 'manage', address: ADA, state: 'accepted' }],
  });
});

test('who is erased leaves a row of the ledger without an address, and nothing else', async () => {
  const { room, app, pages, link } = await openWithLink('erase');
  await using _ = room;
  await runOnce(app);
  expect((await pages.get(link)).text).toContain('Delete my data');
  expect(await stateOf(app, ADA)).toBe('active');
  expect((await pages.post(link)).text).toContain('Your data is deleted');
  expect(await everything(app)).not.toContain('ada@');
  expect((await ledger(app)).map(({ address }) => address)).toEqual(['']);
  expect(await wrongBooks(app)).toEqual([]);
  expect((await pages.post(link)).status).toBe(404);
});

test('erasing forgets also the address that a reader wanted to move to', async () => {
  const { room, app, pages, link } = await openWithLink('manage');
  await using _ = room;
  await pages.post(`${link}/address`, { email: 'new@example.org' });
  await eraseByAddress(app, ADA);
  expect(await everything(app)).not.toMatch(/ada@|new@/);
});

test('a browser that says its time zone is believed at the confirmation, once', async () => {
  await using room = await openNewsroom();
  const pages = openPages(room.app);
  await pages.signUp(ADA);
  const link = await linkIn(room.relay.mails[0]?.raw, 'confirm');
  await pages.post(link, { timezone: 'asia/tokyo' });
  await pages.post(link, { timezone: 'Europe/Berlin' });
  const [subscriber] = await room.app.store.db.selectFrom('subscribers').selectAll().execute();
  expect(subscriber).toMatchObject({ state: 'active', timezone: 'Asia/Tokyo' });
});

/** All that the database holds of people, as text. */
async function everything(app: App): Promise<string> {
  const tables = ['subscribers', 'signups', 'limits', 'address_changes', 'deliveries', 'notices'] as const;
  const rows = await Promise.all(tables.map((table) => app.store.db.selectFrom(table).selectAll().execute()));
  return JSON.stringify(rows);
}
