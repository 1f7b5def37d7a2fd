import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import { readSources } from '../../src/issues/gather.ts';
import { embeddingsOf } from '../../src/papers/embeddings.ts';
import { readStatus } from '../../src/runtime/health.ts';
import { enrollSubscribers, openTestApp } from '../support/app.ts';
import { arxivRss, listed } from '../support/feeds.ts';
import { NEVER, openNewsroom, runOnce, wrongBooks } from '../support/newsroom.ts';
import { type Answer, scriptedServer } from '../support/scripted-server.ts';

const known = (
  id: string,
  title: string,
) => `<entry><id>http://arxiv.org/abs/${id}v1</id><title>${title}</title>
  <summary>We tend ${title}.</summary><arxiv:primary_category term="cs.LG"/><author><name>Ada Example</name></author></entry>`;

/** arXiv's feed, and its API, which knows one paper; the ids of each request to it. */
async function arxivServer() {
  const asked: string[][] = [];
  const server = await scriptedServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://loopback');
    if (url.pathname !== '/api/query') return response.end(arxivRss('2026-08-18', ['2608.20001']));
    const ids = url.searchParams.get('id_list')?.split(',') ?? [];
    asked.push(ids);
    const entries = ids.includes('2510.01234') ? known('2510.01234', 'Tidal gardens of old') : '';
    response.end(
      `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">${entries}</feed>`,
    );
  });
  return { ...server, ids: asked };
}

function read(app: App) {
  return readSources(app, app.publishing, { date: '2026-08-19', seenAt: app.clock(), signal: NEVER });
}

describe('a liked paper that no source has brought', () => {
  test('is asked for at arXiv, and kept where it is no candidate and no part of the library', async () => {
    await using arxiv = await arxivServer();
    await using app = await openTestApp({ SOURCES: `arxiv:cs.AI@${arxiv.url}` });
    const topics = ['like:2510.01234', 'https://arxiv.org/abs/2510.99999', '2608.20001', 'tidal gardens'];
    await enrollSubscribers(app, ['fan@example.org'], { topics });
    await enrollSubscribers(app, ['gone@example.org'], {
      topics: ['like:2510.55555'],
      state: 'unsubscribed',
    });
    const readings = await read(app);
    expect(arxiv.ids).toEqual([['2510.01234', '2510.99999']]);
    expect(readings.map(({ name }) => name)).toEqual(['arxiv:cs.AI']);
    const entries = await app.store.db.selectFrom('entries').selectAll().orderBy('key').execute();
    expect(entries.map(({ source, key, paper }) => [source, key, paper !== null])).toEqual([
      ['liked', '2510.01234', false],
      ['arxiv:cs.AI', '2608.20001', true],
    ]);
    expect(JSON.parse(entries[0]?.body ?? '')).toMatchObject({
      title: 'Tidal gardens of old',
      features: { vector: expect.any(String) },
    });
  });

  test('is not asked for again for a week when arXiv does not know it', async () => {
    await using arxiv = await arxivServer();
    await using app = await openTestApp({ SOURCES: `arxiv:cs.AI@${arxiv.url}` });
    await enrollSubscribers(app, ['fan@example.org'], { topics: ['like:2510.99999'] });
    await read(app);
    app.time.advance(6 * DAY);
    await read(app);
    expect(arxiv.ids).toHaveLength(1);
    app.time.advance(2 * DAY);
    await read(app);
    expect(arxiv.ids).toHaveLength(2);
  });

  test('is one of at most a hundred in a reading; the rest are asked for in the next', async () => {
    await using arxiv = await arxivServer();
    await using app = await openTestApp({ SOURCES: `arxiv:cs.AI@${arxiv.url}` });
    for (let subscriber = 0; subscriber < 3; subscriber++) {
      const topics = Array.from(
        { length: 50 },
        (_, index) => `like:2509.${20_000 + 50 * subscriber + index}`,
      );
      await enrollSubscribers(app, [`fan${subscriber}@example.org`], { topics });
    }
    await read(app);
    await read(app);
    await read(app);
    expect(arxiv.ids.map(({ length }) => length)).toEqual([100, 50]);
  });

  test('is asked for the next time when arXiv fails, which is no failure of the other sources', async () => {
    await using broken = await scriptedServer((request, response) => {
      if (request.url?.startsWith('/api')) response.writeHead(500);
      response.end(arxivRss('2026-08-18', ['2608.20001']));
    });
    await using app = await openTestApp({ SOURCES: `arxiv:cs.AI@${broken.url}` });
    await enrollSubscribers(app, ['fan@example.org'], { topics: ['like:2510.01234'] });
    expect(await read(app)).toMatchObject([{ name: 'arxiv:cs.AI', outcome: 'new' }]);
    const asked = () => broken.paths().filter((path) => path?.startsWith('/api')).length;
    const before = asked();
    await read(app);
    expect(asked()).toBeGreaterThan(before);
    expect((await readStatus(app, 1)).sources).toMatchObject([
      { name: 'arxiv:cs.AI' },
      { name: 'liked', outcome: 'failed' },
    ]);
  });
});

/** Ten papers with many votes, and one with few, which the service alone finds near the liked one. */
function marsh() {
  const common = Array.from({ length: 12 }, (_, index) =>
    listed(`2608.1000${index}`.slice(0, 10), {
      title: `Slow clocks, hand ${index}`,
      upvotes: 60 - index,
      day: '2026-08-18',
    }),
  );
  const kin = listed('2608.30001', { title: 'Heron song', upvotes: 20, day: '2026-08-18' });
  const liked = listed('2608.30002', { title: 'Reed beds', upvotes: 1, day: '2026-08-18' });
  return [...new Map([...common, kin, liked].map((one) => [one.paper.id, one])).values()];
}

/** Puts birds and reeds beside each other and everything else far away. */
const service: Answer = async (request, response) => {
  const { input } = JSON.parse(await text(request)) as { input: string[] };
  const data = input.map((one, index) => ({
    index,
    embedding: /Heron|Reed/.test(one) ? [1, 0.1, 0] : [0, 0.1, 1],
  }));
  response.end(JSON.stringify({ data }));
};

async function marshRoom(url: string) {
  const room = await openNewsroom({ EMBEDDINGS_URL: url, EMBEDDINGS_MODEL: 'tiny' });
  room.feeds.state.days = { '2026-08-18': marsh() };
  await enrollSubscribers(room.app, ['fan@example.org'], { topics: ['like:2608.30002'] });
  return room;
}

function mailOf(room: Awaited<ReturnType<typeof marshRoom>>): string {
  return room.relay.mails.map(({ raw }) => raw.toString('latin1').replaceAll('=\r\n', '')).join('\n');
}

describe('where a service makes embeddings', () => {
  test('they tell what is like a liked paper', async () => {
    await using server = await scriptedServer(service);
    await using room = await marshRoom(server.url);
    await runOnce(room.app);
    expect(mailOf(room)).toContain('Heron song');
    expect(mailOf(room)).toContain('Reed beds');
    expect(server.asked).toHaveLength(1);
    expect(await wrongBooks(room.app)).toEqual([]);
  });

  test('words do instead when it fails, which is logged, stands in the status and does not fail the issue', async () => {
    await using server = await scriptedServer((_, response) => response.writeHead(503).end());
    await using room = await marshRoom(server.url);
    await runOnce(room.app);
    expect(room.relay.mails).toHaveLength(1);
    expect(mailOf(room)).toContain('Slow clocks');
    expect(room.app.logged).toContain('embeddings failed; falling back to words');
    const { sources } = await readStatus(room.app, 1);
    expect(sources.find(({ name }) => name === 'embeddings')).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^likes are told by words: POST .*status 503$/),
    });
    expect(await wrongBooks(room.app)).toEqual([]);
  });

  test('each text is asked for once, also when its issue is chosen from again', async () => {
    await using server = await scriptedServer(service);
    await using app = await openTestApp({ EMBEDDINGS_URL: server.url });
    const once = await embeddingsOf(app, ['Heron', 'clock', 'Heron']);
    const again = await embeddingsOf(app, ['clock', 'Heron', 'Reed']);
    expect(server.asked).toHaveLength(2);
    expect(again).toHaveLength(3);
    const [one, other] = [Array.from(once?.[0] ?? []), Array.from(again?.[1] ?? [])];
    for (const [index, value] of one.entries())
      expect(other[index]).toBeCloseTo(value / Math.hypot(...one), 3);
  });

  test('a service that gives vectors of another length now is asked for all of them again', async () => {
    let length = 2;
    await using server = await scriptedServer(async (request, response) => {
      const { input } = JSON.parse(await text(request)) as { input: string[] };
      const data = input.map((_, index) => ({ index, embedding: new Array(length).fill(1) }));
      response.end(JSON.stringify({ data }));
    });
    await using app = await openTestApp({ EMBEDDINGS_URL: server.url });
    await embeddingsOf(app, ['one', 'two']);
    length = 5;
    const vectors = await embeddingsOf(app, ['one', 'two', 'three']);
    expect(vectors?.map((vector) => vector.length)).toEqual([5, 5, 5]);
  });

  test('a service that failed is left alone for five minutes', async () => {
    await using server = await scriptedServer((_, response) => response.writeHead(503).end());
    await using app = await openTestApp({ EMBEDDINGS_URL: server.url });
    for (let time = 0; time < 3; time++) expect(await embeddingsOf(app, ['one'])).toBeUndefined();
    expect(server.asked).toHaveLength(1);
    app.time.advance(6 * MINUTE);
    await embeddingsOf(app, ['one']);
    expect(server.asked).toHaveLength(2);
  });
});
