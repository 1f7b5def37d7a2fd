import { describe, expect, test } from 'vitest';
import type { Day } from '../../../src/domain/day.ts';
import { parseSourceList } from '../../../src/domain/source-list.ts';
import { fetchSources } from '../../../src/sources/fetch-sources.ts';
import { createHttp, type Http } from '../../../src/sources/http/http.ts';
import type { Politeness, Validators } from '../../../src/sources/http/politeness.ts';
import type { ProviderKeys } from '../../../src/sources/providers/credentials.ts';
import { parseHere } from '../../../src/sources/providers/parsers.ts';
import { movingClock, NO_LIMIT } from '../../support/clock.ts';
import { memoryPoliteness } from '../../support/politeness.ts';
import { type Answer, scriptedServer } from '../../support/scripted-server.ts';

const NOW = '2026-01-06T05:00:00Z';
const DAYS: Day[] = ['2026-01-04', '2026-01-05'];
const FEED = `<rss version="2.0"><channel><item><title>Made-up T</title><link>https://lab.example/1</link></item>
  </channel></rss>`;
const ARXIV = `<rss version="2.0"><channel></channel></rss>`;

/** Runs against a scripted server that `BASE` stands for; waiting moves the clock. */
async function run(
  answer: Answer,
  list: string,
  given: {
    kept?: (base: string) => Validators[];
    politeness?: (time: () => number) => Politeness;
    keys?: ProviderKeys;
  } = {},
) {
  await using server = await scriptedServer(answer);
  const http = createHttp({ userAgent: 'x', allowPrivate: true, after: NO_LIMIT });
  const time = movingClock(NOW);
  const waits: number[] = [];
  let open = 0;
  const get: Http['get'] = async (...asked) => {
    open += 1;
    return http.get(...asked).finally(() => {
      open -= 1;
    });
  };
  const politeness = given.politeness?.(time.now) ?? memoryPoliteness(given.kept?.(server.url));
  const [...results] = await fetchSources(
    parseSourceList(
      list.replaceAll('BASE', server.url).replaceAll('HOST', server.url.slice('http://'.length)),
    ).specs,
    {
      http: { ...http, get },
      parseUntil: () => parseHere,
      after: NO_LIMIT,
      politeness,
      clock: time.now,
      days: DAYS,
      keys: given.keys ?? {},
      signal: new AbortController().signal,
      wait: async (ms, signal) => {
        signal.throwIfAborted();
        waits.push(ms);
        // No time passes while a request is under way: it ends within its own.
        do await new Promise(setImmediate);
        while (open > 0);
        time.advance(ms);
      },
    },
  );
  await http.close();
  return { results, waits, server, politeness, now: time.now() };
}

const listOf = (id: string) => JSON.stringify([{ paper: { id, title: `Made-up ${id}` } }]);
const dayUrl = (base: string, day: Day) => `${base}/api/daily_papers?date=${day}&limit=100`;

describe('conditions', () => {
  test('are the validators of the address, and 304 to them is no failure', async () => {
    const { results, server } = await run((_, response) => response.writeHead(304).end(), 'rss:BASE/f.xml', {
      kept: (base) => [
        { url: `${base}/f.xml`, etag: 'W/"a"', lastModified: 'Tue, 06 Jan 2026 04:00:00 GMT' },
      ],
    });
    expect(server.asked[0]?.headers).toMatchObject({
      'if-none-match': 'W/"a"',
      'if-modified-since': 'Tue, 06 Jan 2026 04:00:00 GMT',
    });
    expect(results[0]).toMatchObject({ unchanged: true, failed: false, bytes: 0, entries: [], problems: [] });
  });

  test('are not sent for what only completes another answer, and nothing is kept of it', async () => {
    const bare =
      '<rss><channel><item><title>T</title><guid>oai:arXiv.org:2601.99009v1</guid></item></channel></rss>';
    const { results, server } = await run(
      (_, response) => response.writeHead(200, { etag: '"b"' }).end(bare),
      'arxiv:cs.AI@BASE',
      {
        kept: (base) => [{ url: `${base}/api/query?id_list=2601.99009&max_results=100`, etag: '"a"' }],
      },
    );
    const api = server.asked.find(({ url }) => url?.startsWith('/api/'));
    expect(api?.headers['if-none-match']).toBeUndefined();
    expect(results[0]?.validators.filter(({ url }) => url.includes('/api/'))).toEqual([]);
  });

  test('that were not sent make 304 a failure', async () => {
    const { results, server } = await run((_, response) => response.writeHead(304).end(), 'rss:BASE/f.xml');
    expect(server.asked[0]?.headers['if-none-match']).toBeUndefined();
    expect(results[0]).toMatchObject({ failed: true, unchanged: false });
    expect(results[0]?.problems[0]).toMatch(/answered 304$/);
  });

  test('are not sent on to another origin, but on to another page of the same', async () => {
    await using other = await scriptedServer((_, response) => response.end(FEED));
    const { server } = await run(
      ({ url }, response) =>
        response.writeHead(302, { location: url === '/f.xml' ? '/g.xml' : `${other.url}/h.xml` }).end(),
      'rss:BASE/f.xml',
      { kept: (base) => [{ url: `${base}/f.xml`, etag: '"a"' }] },
    );
    expect(server.asked.map(({ headers }) => headers['if-none-match'])).toEqual(['"a"', '"a"']);
    expect(other.asked.map(({ headers }) => headers['if-none-match'])).toEqual([undefined]);
  });
});

describe('Hugging Face', () => {
  const kept = (...days: Day[]) => ({
    kept: (base: string) => days.map((day) => ({ url: dayUrl(base, day), etag: '"a"' })),
  });
  const answer =
    (fresh: string): Answer =>
    ({ url = '', headers }, response) => {
      if (headers['if-none-match']) response.writeHead(304).end();
      else response.writeHead(200, { etag: '"b"' }).end(url.includes('&p=') ? '[]' : fresh);
    };

  test('with some days unchanged gives the entries of the others', async () => {
    const { results } = await run(answer(listOf('2601.99005')), 'huggingface@BASE', kept('2026-01-04'));
    expect(results[0]?.entries.map(({ key }) => key)).toEqual(['2601.99005']);
    expect(results[0]).toMatchObject({ unchanged: false, problems: [] });
  });

  test('is unchanged with all of them, and when the only other day has nothing yet', async () => {
    const all = await run(answer('x'), 'huggingface@BASE', kept(...DAYS));
    expect(all.results[0]).toMatchObject({ unchanged: true, failed: false, bytes: 0 });
    const empty = await run(answer('[]'), 'huggingface@BASE', kept('2026-01-04'));
    expect(empty.results[0]).toMatchObject({ unchanged: true, failed: false, entries: [] });
  });

  test('keeps the validators of no day when one could not be read, so that all are asked whole again', async () => {
    const broken: Answer = ({ url = '' }, response) => {
      if (url.includes('01-04')) response.writeHead(404).end();
      else response.writeHead(200, { etag: '"b"' }).end(url.includes('&p=') ? '[]' : listOf('2601.99005'));
    };
    const { results } = await run(broken, 'huggingface@BASE');
    expect(results[0]).toMatchObject({ failed: false, validators: [] });
    expect(results[0]?.problems[0]).toMatch(/^2026-01-04: GET .* answered 404$/);
    const whole = await run(answer(listOf('2601.99005')), 'huggingface@BASE');
    expect(whole.results[0]?.validators).toHaveLength(4);
  });
});

describe('Retry-After', () => {
  test('is waited for when it is short', async () => {
    let asked = 0;
    const { results, waits } = await run((_, response) => {
      if (asked++ === 0) response.writeHead(503, { 'retry-after': 'Tue, 06 Jan 2026 05:00:20 GMT' }).end();
      else response.end(FEED);
    }, 'rss:BASE/f.xml');
    expect(waits).toEqual([20_000]);
    expect(results[0]).toMatchObject({ failed: false, durationMs: 20_000 });
  });

  test('that comes with the last attempt is kept too', async () => {
    const rests = memoryPoliteness();
    const { results, server, now } = await run(
      (_, response) => response.writeHead(429, { 'retry-after': '9' }).end(),
      'rss:BASE/f.xml',
      { politeness: () => rests },
    );
    expect(server.asked).toHaveLength(3);
    expect([...rests.rests.values()]).toEqual([now + 9000]);
    expect(results[0]?.problems[0]).toContain('answered 429, not to be asked before 2026-01-06T05:00:27Z');
  });

  test('of one request is kept to by the one that waited for the lane meanwhile', async () => {
    const { results, server } = await run(
      (_, response) => response.writeHead(429, { 'retry-after': '3600' }).end(),
      'arxiv:cs.AI@BASE, arxiv:cs.CL@BASE',
    );
    expect(server.asked).toHaveLength(1);
    expect(results.map(({ failed }) => failed)).toEqual([true, true]);
    expect(results.map(({ problems }) => problems[0]).join()).toContain(
      'asked us to wait until 2026-01-06T06:0',
    );
  });
});

test('a host that will not be heard of any more is let alone for a week at most', async () => {
  const rests = memoryPoliteness();
  await run(
    (_, response) => response.writeHead(503, { 'retry-after': '999999999' }).end(),
    'rss:BASE/f.xml',
    {
      politeness: () => rests,
    },
  );
  expect([...rests.rests.values()]).toEqual([Date.parse('2026-01-13T05:00:00Z')]);
});

test('a lane is left after each request, whatever came of it, and the next starts three seconds later', async () => {
  const left: number[] = [];
  const entered: number[] = [];
  const politeness = (now: () => number): Politeness => {
    const memory = memoryPoliteness();
    return {
      ...memory,
      enter: async (lane, at, holdMs) => {
        const pause = await memory.enter(lane, at, holdMs);
        if (pause === 0) entered.push(now());
        return pause;
      },
      leave: async (lane, nextAt) => {
        left.push(now());
        await memory.leave(lane, nextAt);
      },
    };
  };
  const { results } = await run(
    ({ url = '', socket }, response) => (url.includes('cs.AI') ? socket.destroy() : response.end(ARXIV)),
    'arxiv:cs.AI@BASE, arxiv:cs.CL@BASE',
    { politeness },
  );
  expect(results.map(({ failed }) => failed)).toEqual([true, false]);
  expect(left).toHaveLength(4);
  for (const [index, end] of left.slice(0, -1).entries())
    expect((entered[index + 1] ?? 0) - end).toBeGreaterThanOrEqual(3000);
});

describe('credentials', () => {
  const SECRET = 's3cret-k3y';

  test('of a private feed are sent, and stand in nothing that is kept of it', async () => {
    const list = `rss:BASE/f.xml header="Authorization: Bearer ${SECRET}"`;
    const { results, server } = await run(
      (_, response) => response.writeHead(200, { etag: '"1"' }).end(FEED),
      list,
    );
    expect(server.asked[0]?.headers.authorization).toBe(`Bearer ${SECRET}`);
    const { spec, ...rest } = results[0] ?? {};
    expect(rest).toMatchObject({ failed: false, entries: [{ source: `rss:${server.url}/f.xml` }] });
    expect(JSON.stringify(rest)).not.toContain(SECRET);
    expect(spec?.name).toBe(`rss:${server.url}/f.xml`);
  });

  test('are a user name and password, too', async () => {
    const { results, server } = await run(
      ({ headers }, response) =>
        headers.authorization === `Basic ${Buffer.from(`lab:${SECRET}`).toString('base64')}`
          ? response.end(FEED)
          : response.writeHead(401).end(),
      `rss:http://lab:${SECRET}@HOST/f.xml`,
    );
    expect(results[0]?.problems).toEqual([]);
    expect(server.paths()).toEqual(['/f.xml']);
  });

  test('of OpenAlex and Semantic Scholar are their keys, each for its own provider', async () => {
    const { server } = await run(
      (_, response) => response.end('{"results":[],"data":[],"total":0}'),
      'openalex:made up@BASE, semanticscholar:made up@BASE, rss:BASE/f.xml',
      { keys: { OPENALEX_KEY: 'open&key', SEMANTIC_SCHOLAR_KEY: 'scholar' } },
    );
    const sent = server.asked.map(({ url = '', headers }) => [
      url.slice(0, 6),
      new URL(url, 'http://x').searchParams.get('api_key'),
      headers['x-api-key'],
    ]);
    expect(sent.toSorted()).toEqual([
      ['/f.xml', null, undefined],
      ['/graph', null, 'scholar'],
      ['/works', 'open&key', undefined],
    ]);
  });

  test('are in no words of a provider that repeats them, and its words are told', async () => {
    const { results } = await run(
      ({ url }, response) => {
        const message = `The key ${SECRET} is not known. Get one at made-up.example/keys`;
        const body = url?.startsWith('/works')
          ? JSON.stringify({ error: 'Unauthorized', message })
          : JSON.stringify({ error: { code: 401, message } });
        response.writeHead(401, { 'content-type': 'application/json' }).end(body);
      },
      'openalex:made up@BASE, semanticscholar:made up@BASE',
      { keys: { OPENALEX_KEY: SECRET, SEMANTIC_SCHOLAR_KEY: SECRET } },
    );
    const [openalex = '', scholar = ''] = results.flatMap(({ problems }) => problems);
    expect(openalex).toContain(
      'answered 401 (Unauthorized: The key … is not known. Get one at made-up.example/keys)',
    );
    expect(scholar).toContain('answered 401 (The key … is not known.');
    expect(openalex + scholar).not.toContain(SECRET);
  });
});
