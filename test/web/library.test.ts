import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { profileNow } from '../../src/issues/personal-issue.ts';
import { changeLibrary } from '../../src/subscribers/library.ts';
import { linkFor } from '../../src/subscribers/links.ts';
import { dataOf } from '../../src/subscribers/subscriber-data.ts';
import { findSubscriber } from '../../src/subscribers/subscribers-table.ts';
import { enrollSubscribers } from '../support/app.ts';
import { listed, listedDay } from '../support/feeds.ts';
import { openNewsroom, runOnce } from '../support/newsroom.ts';
import { openPages } from '../support/pages.ts';

/** A newsroom that has mailed its issue to Ada, so that the papers of a day are known, and her preferences. */
async function openWithPapers() {
  const room = await openNewsroom();
  const [id = 0, other = 0] = await enrollSubscribers(room.app, ['ada@example.org', 'bea@example.org']);
  room.feeds.state.days['2026-08-18']?.push(
    listed('2608.18101', { title: 'Lamps of tidal gardens', upvotes: 1 }),
  );
  await runOnce(room.app);
  const link = linkFor(room.app, 'preferences', id);
  const { web, get, post } = openPages(room.app);
  const upload = async (parts: Record<string, string | File>, to = link) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(parts)) body.set(name, value);
    const answer = await web.request(`${new URL(to).pathname}/library`, { method: 'POST', body });
    return { status: answer.status, text: await answer.text() };
  };
  const profileOf = async (subscriberId: number) => {
    const subscriber = await findSubscriber(room.app.store.db, subscriberId);
    return subscriber && profileNow(room.app, subscriber);
  };
  return { ...room, id, other, link, get, post, upload, profileOf };
}

async function profiles(app: App): Promise<unknown[]> {
  const rows = await app.store.db.selectFrom('profiles').select('body').execute();
  return rows.map(({ body }) => JSON.parse(body));
}

const RIS = ['TY  - JOUR', 'UR  - https://arxiv.org/abs/2608.18003', 'ER  - ', 'TY  - BOOK', 'ER  - '].join(
  '\n',
);

describe('a reader’s own library', () => {
  test('is counted by what was found, kept by ids, and can be removed', async () => {
    await using room = await openWithPapers();
    const done = await room.upload({ pasted: '2608.18003\n10.5555/lamps.1\nsomething else' });
    expect(done.status).toBe(200);
    expect(done.text).toContain('3 entries: 1 found, 1 not seen yet, 1 without');
    expect((await room.get(room.link)).text).toContain('Papers with an arXiv id or DOI: 2.');
    expect(await room.profileOf(room.id)).toEqual({ topics: [], library: ['arxiv:2608.18003'] });
    const subscriber = await findSubscriber(room.app.store.db, room.id);
    expect(subscriber && (await dataOf(room.app, subscriber))).toMatchObject({
      library: ['arxiv:2608.18003', 'doi:10.5555/lamps.1'],
    });
    const removed = await room.post(`${room.link}/library/remove`);
    expect(removed.text).toContain('Your library was removed.');
    expect(removed.text).not.toContain('Replace my library');
    expect(await room.profileOf(room.id)).toEqual({ topics: [] });
  });

  test('is replaced by the next upload, and a file comes before pasted text', async () => {
    await using room = await openWithPapers();
    await room.upload({ pasted: '2608.18004' });
    const done = await room.upload({ pasted: '2608.18005', file: new File([RIS], 'library.ris') });
    expect(done.text).toContain('2 entries: 1 found');
    expect((await room.profileOf(room.id))?.library).toEqual(['arxiv:2608.18003']);
  });

  test('becomes likes: its paper’s kind comes with a reason, in the preview and in the next mail', async () => {
    await using room = await openWithPapers();
    const { app, feeds, relay } = room;
    feeds.state.days['2026-08-19'] = [
      ...listedDay('2026-08-19', 12),
      listed('2608.19100', { title: 'Tidal lamps in cold gardens', upvotes: 1 }),
    ];
    app.time.set('2026-08-20T05:00:00Z');
    const done = await room.upload({ pasted: '2608.18101' });
    expect(done.text).toContain('One entry: 1 found');
    await runOnce(app);
    const reason = 'like “Lamps of tidal gardens” in your library';
    const texts = await Promise.all(
      relay.mails.slice(2).map(async ({ raw }) => (await simpleParser(raw)).text),
    );
    expect(texts.filter((text) => text?.includes(reason))).toHaveLength(1);
    expect(await profiles(app)).toEqual([{ topics: [], library: ['arxiv:2608.18101'] }]);
  });

  test('that several have makes one profile', async () => {
    await using room = await openWithPapers();
    const { app, feeds } = room;
    await room.upload({ pasted: '2608.18012 2608.18001' });
    await changeLibrary(app, room.other, { entries: [['arxiv:2608.18001'], ['arxiv:2608.18012']] });
    feeds.state.days['2026-08-19'] = listedDay('2026-08-19', 12);
    app.time.set('2026-08-20T05:00:00Z');
    await runOnce(app);
    expect(await profiles(app)).toEqual([{ topics: [], library: ['arxiv:2608.18001', 'arxiv:2608.18012'] }]);
  });

  test('counts a paper under two ids once', async () => {
    await using room = await openWithPapers();
    const { db } = room.app.store;
    const known = await db
      .selectFrom('paper_aliases')
      .select('paper')
      .where('alias', '=', 'arxiv:2608.18001')
      .executeTakeFirstOrThrow();
    await db.insertInto('paper_aliases').values({ alias: 'doi:10.5555/same', paper: known.paper }).execute();
    const done = await room.upload({ pasted: '10.5555/same\n2608.18001' });
    expect(done.text).toContain('2 entries: 2 found');
    expect((await room.profileOf(room.id))?.library).toEqual(['arxiv:2608.18001']);
  });

  test.each([
    ['nothing', '', 'Please choose a file', 422],
    ['no ids', 'just words', 'no arXiv id and no DOI', 422],
    ['more entries than there is room for', '2608.18003\n'.repeat(2001), '2,001 entries', 422],
    ['more than a megabyte', 'x'.repeat(1_000_001), 'at most 1 MB', 413],
    ['far more than a megabyte', 'x'.repeat(2_000_000), 'at most 1 MB', 413],
  ])('with %s is refused at its field, and the one before stays', async (_, pasted, problem, status) => {
    await using room = await openWithPapers();
    await room.upload({ pasted: '2608.18004' });
    const refused = await room.upload({ pasted });
    expect(refused.status).toBe(status);
    expect(refused.text).toMatch(/id="library-problem" role="alert">[^<]*/);
    expect(refused.text).toContain(problem);
    expect((await room.profileOf(room.id))?.library).toEqual(['arxiv:2608.18004']);
  });

  test('is taken only with the link of preferences, and only by POST', async () => {
    await using room = await openWithPapers();
    const wrong = linkFor(room.app, 'unsubscribe', room.id).replace('/unsubscribe/', '/preferences/');
    expect((await room.upload({ pasted: '2608.18004' }, wrong)).status).toBe(404);
    expect((await room.get(`${room.link}/library`)).status).toBe(405);
    expect((await room.get(`${room.link}/library/remove`)).status).toBe(405);
    expect(await room.profileOf(room.id)).toEqual({ topics: [] });
  });

  test('cannot be saved without end', async () => {
    await using room = await openWithPapers();
    for (let count = 0; count < 30; count += 1) await room.upload({ pasted: '' });
    expect((await room.upload({ pasted: '2608.18004' })).status).toBe(429);
  });
});
