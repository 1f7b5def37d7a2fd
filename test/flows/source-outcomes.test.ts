import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { HOUR } from '../../src/domain/time.ts';
import { readSources } from '../../src/issues/gather.ts';
import { rankEdition } from '../../src/issues/rank-edition.ts';
import { openTestApp } from '../support/app.ts';
import { arxivRss, listed, listedDay, startFeeds } from '../support/feeds.ts';
import { NEVER, openNewsroom, runOnce } from '../support/newsroom.ts';

const EMPTY = '<rss version="2.0"><channel><title>cs.AI</title></channel></rss>';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function provider(answer: Answer) {
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Reads all the sources an hour after the last time. */
async function read(app: App & { time: { advance(ms: number): void } }) {
  app.time.advance(HOUR);
  return readSources(app, app.publishing, { date: '2026-08-19', seenAt: app.clock(), signal: NEVER });
}

async function outcomes(app: Parameters<typeof read>[0]): Promise<string[]> {
  return (await read(app)).map(({ outcome }) => outcome);
}

describe('a batch of arXiv', () => {
  test('that comes again under a new date is stale, also after a weekend without one', async () => {
    await using feeds = await startFeeds();
    await using app = await openTestApp({ SOURCES: feeds.arxiv });
    const [one, two] = ['2608.00001', '2608.00002'];
    feeds.state.arxiv = arxivRss('2026-08-14', [one, two]);
    expect(await outcomes(app)).toEqual(['new']);
    expect(await outcomes(app)).toEqual(['unchanged']);
    feeds.state.arxiv = EMPTY;
    expect(await outcomes(app)).toEqual(['quiet']);
    // The first item keeps its day, so that only the day of the batch shows it.
    const again = arxivRss('2026-08-14', [one]).replace(
      '</channel>',
      `${/<item>.*<\/item>/s.exec(arxivRss('2026-08-17', [two]))?.[0]}</channel>`,
    );
    feeds.state.arxiv = again;
    expect(await outcomes(app)).toEqual(['stale']);
    const rows = await app.store.db.selectFrom('entries').select('listed_on').execute();
    expect(rows.map((row) => row.listed_on)).toEqual(['2026-08-14', '2026-08-14']);
  });
});

test('an entry keeps its listing day when the source stops giving one, and when it gives a later one then', async () => {
  const item = (date: string) =>
    `<rss><channel><item><title>Work of the made-up kind</title><link>https://lab.example/1</link>${date}</item></channel></rss>`;
  const state = { body: item('<pubDate>Mon, 17 Aug 2026 04:00:00 GMT</pubDate>') };
  await using lab = await provider((_, response) => response.end(state.body));
  await using app = await openTestApp({ SOURCES: `rss:${lab.url}/f.xml` });
  await read(app);
  state.body = item('');
  await read(app);
  state.body = item('<pubDate>Wed, 19 Aug 2026 04:00:00 GMT</pubDate>');
  expect(await outcomes(app)).toEqual(['stale']);
  const row = await app.store.db.selectFrom('entries').select('listed_on').executeTakeFirstOrThrow();
  expect(row.listed_on).toBe('2026-08-17');
});

test('a feed that was broken and has not changed since is not told as one that is well', async () => {
  const whole = '<item><title>Work of the made-up kind</title><link>https://lab.example/1</link></item>';
  await using lab = await provider(({ headers }, response) =>
    headers['if-none-match']
      ? response.writeHead(304).end()
      : response.setHeader('ETag', '"broken"').end(`<rss><channel>${whole}<item><title>Cut`),
  );
  await using app = await openTestApp({ SOURCES: `rss:${lab.url}/f.xml` });
  const broken = { outcome: 'partial', items: 1, reason: 'the feed breaks off before its end' };
  expect(await read(app)).toMatchObject([broken]);
  expect(await read(app)).toMatchObject([broken]);
});

test('a source that makes up new papers at every reading fills no database: so many a day are kept, and it is told', async () => {
  const state = { round: 0, count: 3000 };
  const item = (index: number) =>
    `<item><title>Work ${state.round} ${index}</title><link>https://lab.example/${state.round}/${index}</link></item>`;
  await using lab = await provider((_, response) => {
    state.round += 1;
    const items = Array.from({ length: state.count }, (_, index) => item(index));
    response.setHeader('ETag', `"${state.round}"`).end(`<rss><channel>${items.join('')}</channel></rss>`);
  });
  await using app = await openTestApp({ SOURCES: `rss:${lab.url}/f.xml` });
  expect(await outcomes(app)).toEqual(['new']);
  const reason = 'only 5000 new papers are kept in a day, and 1000 more came';
  expect(await read(app)).toMatchObject([{ outcome: 'partial', added: 2000, reason }]);
  // What was left out is wanted again.
  expect(await app.store.db.selectFrom('addresses').select('etag').execute()).toEqual([{ etag: '"1"' }]);
  app.time.advance(24 * HOUR);
  state.count = 10;
  expect(await read(app)).toMatchObject([{ outcome: 'new', added: 10, reason: '' }]);
});

describe('one source that fails', () => {
  test('does not stop the issue of the others', async () => {
    await using bad = await provider((_, response) => response.writeHead(503).end());
    await using room = await openNewsroom();
    const SOURCES = `${room.settings.SOURCES}, rss:${bad.url}/f.xml`;
    await using app = await openTestApp({ ...room.settings, SOURCES });
    const { issue, noSource } = await runOnce(app);
    expect(noSource).toBe(false);
    expect(issue).toMatchObject({ state: 'done', date: '2026-08-19' });
  });

  test('is all of them when only the sources of signals answer: the issue is held', async () => {
    await using news = await provider((_, response) => response.end('{"hits":[]}'));
    await using room = await openNewsroom();
    const SOURCES = `${room.settings.SOURCES}, hackernews@${news.url}, github@${news.url}`;
    await using app = await openTestApp({ ...room.settings, SOURCES });
    room.feeds.state.down = true;
    const { issue, noSource } = await runOnce(app);
    expect(noSource).toBe(true);
    expect(issue).toMatchObject({ state: 'held' });
  });
});

test('a paper by three sources is one, with all its links and ids, and a withdrawn one is none', async () => {
  await using feeds = await startFeeds();
  const id = '2608.00007';
  const title = 'Lanternfish Look in the Dark, Twice';
  feeds.state.days['2026-08-18'] = [
    listed(id, { title, day: '2026-08-18' }),
    listed('2608.00008', { title: 'Withdrawn: Lanternfish Look at Nothing at All', day: '2026-08-18' }),
  ];
  feeds.state.arxiv = arxivRss('2026-08-18', [id]);
  await using journal = await provider((_, response) =>
    response.end(`<rss><channel><item><title>${title}</title><link>https://doi.org/10.9999/lantern.7</link>
      <pubDate>Tue, 18 Aug 2026 04:00:00 GMT</pubDate></item></channel></rss>`),
  );
  const rss = `rss:${journal.url}/f.xml`;
  await using app = await openTestApp({ SOURCES: `${feeds.huggingface}, ${feeds.arxiv}, ${rss}` });
  expect(await outcomes(app)).toEqual(['new', 'new', 'new']);
  const { ranked } = await rankEdition(app, { kind: 'daily', date: '2026-08-19', freezeAt: app.clock() });
  expect(ranked.map(({ paper }) => paper.id)).toEqual([`arxiv:${id}`]);
  const paper = ranked[0]?.paper;
  expect(paper?.sources.toSorted()).toEqual(['arxiv:cs.AI', 'huggingface', rss]);
  expect(paper?.ids).toEqual({ arxiv: id, doi: '10.9999/lantern.7' });
  expect(paper?.links).toMatchObject({
    abstract: expect.stringContaining('http'),
    pdf: `https://arxiv.org/pdf/${id}`,
    discussion: `https://huggingface.co/papers/${id}`,
  });
});

describe('signals of papers', () => {
  test('of GitHub are the stars of the code, and growth is kept', async () => {
    const state = { stars: 12 };
    await using hub = await provider(({ url }, response) =>
      response.writeHead(url === '/repos/ada/lantern' ? 200 : 404).end(`{"stargazers_count":${state.stars}}`),
    );
    const [first, second] = listedDay('2026-08-18', 2);
    if (!first || !second) throw new Error('two papers were listed');
    const withCode = { ...first, paper: { ...first.paper, githubRepo: 'https://github.com/ada/lantern' } };
    await using feeds = await startFeeds({ '2026-08-18': [withCode, second] as (typeof first)[] });
    await using app = await openTestApp({ SOURCES: `github@${hub.url}, ${feeds.huggingface}` });
    expect((await read(app)).map(({ name, outcome, items }) => [name, outcome, items])).toEqual([
      ['huggingface', 'new', 2],
      ['github', 'new', 1],
    ]);
    expect(await outcomes(app)).toEqual(['unchanged', 'unchanged']);
    state.stars = 20;
    expect(await outcomes(app)).toEqual(['unchanged', 'new']);
    const rows = await app.store.db
      .selectFrom('signals')
      .select('value')
      .where('source', '=', 'github')
      .orderBy('seen_at')
      .execute();
    expect(rows.map(({ value }) => value)).toEqual([12, 20]);
    const { ranked } = await rankEdition(app, { kind: 'daily', date: '2026-08-19', freezeAt: app.clock() });
    expect(ranked.map(({ paper }) => paper.signals.stars)).toEqual([20, undefined]);
  });
});
