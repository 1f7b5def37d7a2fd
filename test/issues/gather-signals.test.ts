import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { HOUR } from '../../src/domain/time.ts';
import { readSources } from '../../src/issues/gather.ts';
import { rankEdition } from '../../src/issues/rank-edition.ts';
import { latestSignals } from '../../src/sources/signals-table.ts';
import { openTestApp } from '../support/app.ts';
import { listed, startFeeds } from '../support/feeds.ts';
import { NEVER } from '../support/newsroom.ts';

const ID = '2608.18001';
const PAPER = `arxiv:${ID}`;

/** Hugging Face with one paper, and Hacker News with one story of it. */
async function openRoom() {
  const feeds = await startFeeds({ '2026-08-18': [listed(ID, { upvotes: 5, day: '2026-08-18' })] });
  const story = {
    objectID: '1',
    title: 'A story',
    url: `https://arxiv.org/abs/${ID}v2`,
    points: 120 as number | null,
    num_comments: 40,
  };
  const news = createServer((_, response) =>
    response.end(JSON.stringify({ hits: [story], nbHits: 1, nbPages: 1, page: 0 })),
  );
  await new Promise<void>((resolve) => news.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(news.address() as AddressInfo).port}`;
  const app = await openTestApp({ SOURCES: `${feeds.huggingface}, hackernews@${url}` });
  const read = () =>
    readSources(app, app.publishing, { date: '2026-08-19', seenAt: app.clock(), signal: NEVER });
  const close = async () => {
    news.closeAllConnections();
    news.close();
    await app[Symbol.asyncDispose]();
    await feeds[Symbol.asyncDispose]();
  };
  return { app, feeds, story, read, [Symbol.asyncDispose]: close };
}

const history = (room: Awaited<ReturnType<typeof openRoom>>, name: string) =>
  room.app.store.db
    .selectFrom('signals')
    .select(['value', 'source'])
    .where('name', '=', name)
    .orderBy('seen_at')
    .execute();

describe('signals', () => {
  test('of another source are attached to the paper, and named in its reasons', async () => {
    await using room = await openRoom();
    const readings = await room.read();
    expect(readings.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['huggingface', 'new'],
      ['hackernews', 'new'],
    ]);
    const { ranked } = await rankEdition(room.app, {
      kind: 'daily',
      date: '2026-08-19',
      freezeAt: room.app.clock(),
    });
    expect(ranked[0]?.paper.signals).toMatchObject({ upvotes: 5, points: 120 });
    expect(ranked[0]?.reasons).toContainEqual({ key: 'points', values: { count: 120 } });
    // The discussion that the card links to is Hugging Face's, and so is the count beside it.
    expect(ranked[0]?.paper.signals.comments).toBe(1);
  });

  test('are kept over time, a row only where the value changed', async () => {
    await using room = await openRoom();
    await room.read();
    room.app.time.advance(HOUR);
    await room.read();
    room.feeds.state.days['2026-08-18'] = [listed(ID, { upvotes: 9, day: '2026-08-18' })];
    room.story.points = 150;
    room.app.time.advance(HOUR);
    await room.read();
    expect((await history(room, 'upvotes')).map(({ value }) => value)).toEqual([5, 9]);
    expect((await history(room, 'points')).map(({ value }) => value)).toEqual([120, 150]);
  });

  test('that are unknown are no zero', async () => {
    await using room = await openRoom();
    room.story.points = null;
    await room.read();
    expect(await history(room, 'points')).toEqual([]);
    const known = await latestSignals(room.app.store.db, [PAPER]);
    expect(known.map(({ name }) => name).sort()).not.toContain('points');
  });
});
