import { describe, expect, test } from 'vitest';
import { parseSourceList } from '../../src/domain/source-list.ts';
import { fetchSignals, type SignalOptions } from '../../src/sources/fetch-signals.ts';
import { createHttp } from '../../src/sources/http/http.ts';
import type { Politeness } from '../../src/sources/http/politeness.ts';
import { parseHere } from '../../src/sources/providers/parsers.ts';
import type { SignalTarget } from '../../src/sources/providers/signal-source.ts';
import { movingClock, NO_LIMIT } from '../support/clock.ts';
import { type Answer, scriptedServer } from '../support/scripted-server.ts';

const NOW = Date.parse('2026-01-06T05:00:00Z');
const TARGETS: SignalTarget[] = [
  {
    paperId: 'arxiv:2601.99001',
    ids: { arxiv: '2601.99001' },
    title: 'Made-up one',
    code: 'https://github.com/ada/one',
  },
  {
    paperId: 'doi:10.9999/two',
    ids: { doi: '10.9999/two' },
    title: 'Made-up two',
    code: 'https://github.com/ada/two',
  },
];
const STORIES = JSON.stringify({
  hits: [
    { url: 'https://arxiv.org/abs/2601.99001v2', points: 40, num_comments: 8 },
    { url: 'https://doi.org/10.9999/two', points: 4, num_comments: 0 },
  ],
});

/** Remembers nothing but until when hosts rest. */
function politeness(rests = new Map<string, number>()): Politeness {
  return {
    recall: async () => undefined,
    restsUntil: async (host) => rests.get(host) ?? 0,
    rest: async (host, until) => void rests.set(host, until),
    enter: async () => 0,
    leave: async () => {},
  };
}

/** Asks the sources, `BASE` standing for the scripted server; waiting takes no time. */
async function run(answer: Answer, list: string, options: Partial<SignalOptions> = {}) {
  await using server = await scriptedServer(answer);
  const http = createHttp({ userAgent: 'x', allowPrivate: true, after: NO_LIMIT });
  const results = await fetchSignals(parseSourceList(list.replaceAll('BASE', server.url)).specs, {
    http,
    politeness: politeness(),
    clock: () => NOW,
    wait: async () => {},
    signal: new AbortController().signal,
    targets: TARGETS,
    parseUntil: () => parseHere,
    after: NO_LIMIT,
    ...options,
  });
  await http.close();
  return { results, asked: server.asked, paths: server.paths() };
}

const good: Answer = ({ url = '' }, response) => {
  response.end(url.startsWith('/repos/') ? '{"stargazers_count":17}' : STORIES);
};
const values = (result: { signals: readonly { name: string; value: number }[] } | undefined) =>
  result?.signals.map(({ name, value }) => `${name} ${value}`).sort();

describe('fetching the signals', () => {
  test('gives the results of the signal sources, in order', async () => {
    const seen: string[] = [];
    const { results } = await run(good, 'github@BASE, arxiv:cs.AI@BASE, hackernews@BASE', {
      onResult: ({ spec }) => seen.push(spec.name),
    });
    expect(results.map(({ spec }) => spec.name)).toEqual(['github', 'hackernews']);
    expect(results.map(({ failed }) => failed)).toEqual([false, false]);
    expect(values(results[0])).toEqual(['stars 17', 'stars 17']);
    expect(values(results[1])).toEqual(['comments 0', 'comments 8', 'points 4', 'points 40']);
    expect(results[0]).toMatchObject({ bytes: 46, startedAt: NOW, durationMs: 0, problems: [] });
    expect(seen.sort()).toEqual(['github', 'hackernews']);
  });

  test('searches Hacker News a few times in all, however many papers there are', async () => {
    const targets = Array.from({ length: 900 }, (_, index) => ({
      paperId: `arxiv:2601.${10_000 + index}`,
      ids: { arxiv: `2601.${10_000 + index}` },
      title: 'Made-up',
    }));
    const { paths } = await run(good, 'hackernews@BASE', { targets });
    const queries = paths.map((path = '') => new URL(path, 'http://x').searchParams);
    expect(queries.map((query) => query.get('query')).sort()).toEqual([
      'alphaxiv.org',
      'arxiv.org',
      'huggingface.co/papers',
    ]);
    expect(paths[0]).toMatch(/^\/api\/v1\/search_by_date\?/);
    expect(Object.fromEntries(queries[0] ?? [])).toMatchObject({
      tags: 'story',
      restrictSearchableAttributes: 'url',
      numericFilters: `created_at_i>${Date.parse('2025-12-23T05:00:00Z') / 1000}`,
      hitsPerPage: '1000',
    });
    expect((await run(good, 'hackernews@BASE')).paths).toHaveLength(6);
    expect((await run(good, 'hackernews@BASE, github@BASE', { targets: [] })).paths).toEqual([]);
  });

  test('sends the token of GitHub to GitHub alone, and not on to where it redirects', async () => {
    await using other = await scriptedServer((_, response) => response.end('{"stargazers_count":1}'));
    const answer: Answer = ({ url = '' }, response) => {
      if (url === '/repos/ada/one') response.writeHead(301, { location: '/repositories/1' }).end();
      else if (url === '/repos/ada/two') response.writeHead(301, { location: `${other.url}/x` }).end();
      else response.end(url.startsWith('/repositories/') ? '{"stargazers_count":3}' : STORIES);
    };
    const { results, asked } = await run(answer, 'github@BASE, hackernews@BASE', {
      tokens: { github: 'made-up-token' },
    });
    expect(values(results[0])).toEqual(['stars 1', 'stars 3']);
    const sent = asked.filter(({ headers }) => headers.authorization === 'Bearer made-up-token');
    expect(sent.map(({ url }) => url).sort()).toEqual([
      '/repos/ada/one',
      '/repos/ada/two',
      '/repositories/1',
    ]);
    expect(other.asked[0]?.headers.authorization).toBeUndefined();
  });
});

describe('a source of signals that answers badly', () => {
  test('harms no other', async () => {
    const answer: Answer = (request, response) => {
      if (request.url?.startsWith('/repos/'))
        response.writeHead(403).end('{"message":"API rate limit exceeded"}');
      else good(request, response);
    };
    const { results, paths } = await run(answer, 'github@BASE, hackernews@BASE');
    expect(results[0]).toMatchObject({ failed: true, signals: [] });
    expect(results[0]?.problems[0]).toMatch(/answered 403 \(API rate limit exceeded\); 2 of 2 repositories/);
    expect(paths.filter((path) => path?.startsWith('/repos/'))).toHaveLength(1);
    expect(results[1]).toMatchObject({ failed: false, problems: [] });
  });

  test('keeps what one search gave when another fails, and fails with all of them', async () => {
    const refusing = (bad: RegExp): Answer => {
      return ({ url = '' }, response) => response.end(bad.test(url) ? '{"hits":7}' : STORIES);
    };
    const [one] = (await run(refusing(/alphaxiv/), 'hackernews@BASE')).results;
    expect(one).toMatchObject({
      failed: false,
      problems: [expect.stringMatching(/^expected a list of stories/)],
    });
    expect(one?.signals).toHaveLength(4);
    const [all] = (await run(refusing(/./), 'hackernews@BASE')).results;
    expect(all).toMatchObject({ failed: true, signals: [] });
    expect(all?.problems).toHaveLength(1);
  });

  test('is left alone as long as it asks, by the next run too', async () => {
    const answer: Answer = (_, response) => response.writeHead(429, { 'retry-after': '3600' }).end();
    const rests = new Map<string, number>();
    expect((await run(answer, 'github@BASE', { politeness: politeness(rests) })).paths).toHaveLength(1);
    expect([...rests.values()]).toEqual([NOW + 3_600_000]);
    const resting = { ...politeness(), restsUntil: async () => NOW + 3_600_000 };
    const { paths, results } = await run(answer, 'github@BASE', { politeness: resting });
    expect(paths).toEqual([]);
    expect(results[0]?.problems[0]).toMatch(/asked us to wait until 2026-01-06T06:00:00Z; 2 of 2/);
  });

  test('gives what it has when its time is over', async () => {
    const answer: Answer = (request, response) => {
      if (request.url !== '/repos/ada/two') good(request, response);
    };
    const time = movingClock(NOW);
    const parseUntil = () =>
      ((...asked) => parseHere(...asked).finally(() => time.advance(300))) as typeof parseHere;
    const { results } = await run(answer, 'github@BASE', { after: time.after, limitMs: 300, parseUntil });
    expect(values(results[0])).toEqual(['stars 17']);
    expect(results[0]).toMatchObject({
      failed: false,
      problems: ['no end after 0.3 s; 1 of 2 repositories not read'],
    });
  });
});

test('stopping ends every source at once', async () => {
  const stop = new AbortController();
  const { results } = await run(() => stop.abort(), 'hackernews@BASE, github@BASE', { signal: stop.signal });
  for (const result of results) {
    expect(result).toMatchObject({ failed: true, signals: [], problems: ['stopped before its end'] });
  }
});
