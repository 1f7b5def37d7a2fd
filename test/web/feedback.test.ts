import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { changePreferences } from '../../src/subscribers/lifecycle.ts';
import { findSubscriber } from '../../src/subscribers/subscribers-table.ts';
import { enrollSubscribers } from '../support/app.ts';
import { openNewsroom, runOnce } from '../support/newsroom.ts';
import { openPages } from '../support/pages.ts';

const ADA = 'ada@example.org';

/** A newsroom that has mailed its issue to Ada, and the links of that mail. */
async function openWithMail(parts: Parameters<typeof openNewsroom>[1] = {}) {
  const room = await openNewsroom({}, parts);
  const [id = 0] = await enrollSubscribers(room.app, [ADA]);
  await runOnce(room.app);
  const mail = await simpleParser(room.relay.mails[0]?.raw ?? '');
  const links = [...String(mail.html).matchAll(/href="([^"]*\/feedback\/[^"]*)"/g)].map(
    ([, link = '']) => link,
  );
  const pages = openPages(room.app);
  const topics = async () => (await findSubscriber(room.app.store.db, id))?.topics;
  return { ...room, id, mail, links, pages, topics, [Symbol.asyncDispose]: room[Symbol.asyncDispose] };
}

describe('feedback on the papers of a mail', () => {
  test('is one link for each pick in HTML, one in text, and GET shows both buttons and changes nothing', async () => {
    await using room = await openWithMail({ realMails: true });
    const { links, mail, pages } = room;
    expect(links.length).toBeGreaterThan(2);
    expect(new Set(links.map((link) => link.split('#')[0])).size).toBe(1);
    expect(links.map((link) => link.split('#')[1])).toEqual(links.map((_, index) => String(index + 1)));
    expect(mail.text?.match(/\/feedback\//g)).toHaveLength(1);
    const page = await pages.get(links[0] ?? '');
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.text.match(/value="more"/g)).toHaveLength(links.length);
    expect(page.text.match(/value="less"/g)).toHaveLength(links.length);
    expect(page.text).not.toContain(ADA);
    expect(await room.topics()).toEqual([]);
  });

  test('becomes a like or a mute, says so, and can be taken back here and among the preferences', async () => {
    await using room = await openWithMail({ realMails: true });
    const { links, pages } = room;
    const [link = ''] = links;
    const paper = /name="paper" value="([^"]+)"/.exec((await pages.get(link)).text)?.[1] ?? '';
    const said = await pages.post(link, { paper, say: 'more' });
    expect(said.text).toContain('From your next issue on');
    expect(await room.topics()).toEqual([`like:${paper}`]);
    await pages.post(link, { paper, say: 'less' });
    expect(await room.topics()).toEqual([`-like:${paper}`]);
    const preferences = /href="([^"]*\/preferences\/[^"]*)"/.exec((await pages.get(link)).text)?.[1] ?? '';
    expect((await pages.get(preferences)).text).toContain(`like:${paper}`);
    const undone = await pages.post(link, { paper, say: 'none' });
    expect(undone.text).toContain('Undone.');
    expect(await room.topics()).toEqual([]);
  });

  test('is only for papers of that mail and for what the buttons say', async () => {
    await using room = await openWithMail({ realMails: true });
    const [link = ''] = room.links;
    await room.pages.post(link, { paper: '2501.99999', say: 'more' });
    const paper = /name="paper" value="([^"]+)"/.exec((await room.pages.get(link)).text)?.[1] ?? '';
    await room.pages.post(link, { paper, say: 'all' });
    await room.pages.post(link, {});
    expect(await room.topics()).toEqual([]);
  });

  test('does not push out interests in words when there is no room for more', async () => {
    await using room = await openWithMail({ realMails: true });
    const [link = ''] = room.links;
    const known = await findSubscriber(room.app.store.db, room.id);
    const topics = Array.from({ length: 50 }, (_, index) => `subject ${index}`);
    if (known) await changePreferences(room.app, room.id, { ...known, topics });
    const paper = /name="paper" value="([^"]+)"/.exec((await room.pages.get(link)).text)?.[1] ?? '';
    expect((await room.pages.post(link, { paper, say: 'more' })).text).toContain('Not saved');
    expect(await room.topics()).toEqual(topics);
  });

  test('takes no forged link, none of another purpose, and none of somebody who has left', async () => {
    await using room = await openWithMail({ realMails: true });
    const [link = ''] = room.links;
    const { pathname } = new URL(link);
    expect((await room.pages.get(`${pathname}x`)).status).toBe(404);
    expect((await room.pages.get(pathname.replace('feedback', 'preferences'))).status).toBe(404);
    await room.app.store.db.updateTable('subscribers').set({ state: 'unsubscribed' }).execute();
    expect((await room.pages.get(link)).status).toBe(404);
    expect((await room.pages.post(link, { paper: '2608.18001', say: 'more' })).status).toBe(404);
  });
});
