import { describe, expect, test } from 'vitest';
import type { SourceResult } from '../../src/domain/source.ts';
import { parseSourceList } from '../../src/domain/source-list.ts';
import { type FetchOptions, fetchSources } from '../../src/sources/fetch-sources.ts';
import { createHttp } from '../../src/sources/http/http.ts';
import { parseHere } from '../../src/sources/providers/parsers.ts';
import { movingClock, NO_LIMIT } from '../support/clock.ts';
import { memoryPoliteness } from '../support/politeness.ts';
import { type Answer, scriptedServer } from '../support/scripted-server.ts';

const NOW = Date.parse('2026-01-06T05:00:00Z');
const FEED = `<rss version="2.0"><channel><item><title>T</title><link>https://arxiv.org/abs/2601.99009</link>
  <guid>oai:arXiv.org:2601.99009v1</guid><description>We made it up.</description><dc:creator>A. Made</dc:creator></item></channel></rss>`;

const paper = (id: string) => ({ paper: { id, title: `Made-up ${id}`, upvotes: 1 } });

/** Runs the sources, `BASE` standing for the scripted server; waiting moves the clock and is remembered. */
async function run(answer: Answer, list: string, options: Partial<FetchOptions> = {}) {
  await using server = await scriptedServer(answer);
  const http = createHttp({ userAgent: 'x', allowPrivate: true, after: NO_LIMIT });
  const waits: number[] = [];
  let now = NOW;
  const results = await fetchSources(parseSourceList(list.replaceAll('BASE', server.url)).specs, {
    http,
    politeness: memoryPoliteness(),
    clock: () => now,
    days: ['2026-01-04', '2026-01-05'],
    signal: new AbortController().signal,
    wait: async (ms) => {
      waits.push(ms);
      now += ms;
    },
    parseUntil: () => parseHere,
    after: NO_LIMIT,
    ...options,
  });
  await http.close();
  return { results, waits, paths: server.paths() };
}

const keys = (result: SourceResult | undefined) => result?.entries.map(({ key }) => key);

describe('fetching the sources', () => {
  test('gives the results in order, whatever happens in one of them', async () => {
    const { results } = await run(({ url = '' }, response) => {
      if (url.startsWith('/rss/')) response.end(FEED);
      else if (url === '/html') response.end('<html>');
      else response.end('[]');
    }, 'huggingface@BASE, arxiv:cs.AI@BASE, rss:BASE/html');
    expect(results.map(({ failed }) => failed)).toEqual([false, false, true]);
    expect(results[1]).toMatchObject({ bytes: FEED.length, startedAt: NOW, problems: [] });
    expect(keys(results[1])).toEqual(['2601.99009']);
    expect(results[2]).toMatchObject({
      entries: [],
      problems: ['expected RSS or Atom, got an element <html>'],
    });
  });

  test('asks arXiv for its categories in one request', async () => {
    const { paths } = await run((_, response) => response.end(FEED), 'arxiv:cs.CL+cs.LG@BASE');
    expect(paths).toEqual(['/rss/cs.CL+cs.LG']);
  });

  test('asks Hugging Face for each day, page by page, until one brings nothing new', async () => {
    const { results, paths } = await run((request, response) => {
      const query = new URL(request.url ?? '', 'http://x').searchParams;
      const page = Number(query.get('p') ?? 0);
      const first =
        query.get('date') === '2026-01-04' ? ['2601.99001', '2601.99002'] : ['2601.99002', '2601.99003'];
      response.end(JSON.stringify((page === 0 ? first : page === 1 ? ['2601.99004'] : first).map(paper)));
    }, 'huggingface@BASE');
    expect(keys(results[0])).toEqual(['2601.99001', '2601.99002', '2601.99004', '2601.99003']);
    expect(results[0]?.entries.map(({ listedOn }) => listedOn?.slice(-1))).toEqual(['4', '4', '4', '5']);
    expect(paths.filter((path) => path?.includes('01-04'))).toEqual([
      '/api/daily_papers?date=2026-01-04&limit=100',
      '/api/daily_papers?date=2026-01-04&limit=100&p=1',
      '/api/daily_papers?date=2026-01-04&limit=100&p=2',
    ]);
  });

  test('takes one bad day as a problem of that day, and all of them as a failure', async () => {
    const answer = (bad: RegExp): Answer => {
      return ({ url = '' }, response) => {
        response.end(bad.test(url) ? '{"error":"no"}' : JSON.stringify([paper('2601.99001')]));
      };
    };
    const one = (await run(answer(/01-04/), 'huggingface@BASE')).results[0];
    expect(one?.failed).toBe(false);
    expect(keys(one)).toEqual(['2601.99001']);
    expect(one?.problems).toEqual(['2026-01-04: expected a list of papers, got an object: no']);
    const all = (await run(answer(/./), 'huggingface@BASE')).results[0];
    expect(all).toMatchObject({ failed: true, problems: ['expected a list of papers, got an object: no'] });
  });
});

describe('a source that answers badly', () => {
  const answers = (...statuses: number[]): Answer => {
    let asked = 0;
    return (_, response) => {
      const status = statuses[asked++] ?? 200;
      response.writeHead(status, status === 429 ? { 'retry-after': '7' } : {}).end(FEED);
    };
  };

  test('is asked three times at most, with pauses that grow', async () => {
    const { results, waits, paths } = await run(answers(503, 500, 502, 200), 'rss:BASE/rss/cs.AI');
    expect(paths).toHaveLength(3);
    expect(results[0]?.problems[0]).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/rss\/cs\.AI: answered 502$/);
    expect(waits).toHaveLength(2);
    expect(waits[0]).toBeLessThanOrEqual(1500);
    expect(waits[1]).toBeGreaterThanOrEqual(1000);
  });

  test('is asked again when it says so, and read', async () => {
    const { results, waits } = await run(answers(429), 'rss:BASE/rss/cs.AI');
    expect(waits).toEqual([7000]);
    expect(results[0]?.entries).toHaveLength(1);
  });

  test('is not asked again after a refusal, or when it wants a long wait', async () => {
    expect((await run(answers(404), 'arxiv:cs.AI@BASE')).paths).toHaveLength(1);
    const long: Answer = (_, response) => response.writeHead(503, { 'retry-after': '3600' }).end();
    const { paths, results } = await run(long, 'arxiv:cs.AI@BASE');
    expect(paths).toHaveLength(1);
    expect(results[0]?.failed).toBe(true);
  });

  test('is not waited for beyond its time', async () => {
    const { paths } = await run(answers(429), 'arxiv:cs.AI@BASE', { limitMs: 5000 });
    expect(paths).toHaveLength(1);
    const time = movingClock(NOW);
    const silent = () => time.advance(100);
    const { results } = await run(silent, 'arxiv:cs.AI@BASE', { after: time.after, limitMs: 100 });
    expect(results[0]).toMatchObject({ failed: true, problems: ['no end after 0.1 s'] });
  });

  test('says what a refusal in JSON says', async () => {
    const answer: Answer = (_, response) => response.writeHead(400).end('{"error":"date is\\nbad"}');
    const { results } = await run(answer, 'huggingface@BASE');
    expect(results[0]?.problems[0]).toMatch(/answered 400 \(date is bad\)$/);
  });
});

test('stopping ends every source at once', async () => {
  const stop = new AbortController();
  const { results } = await run(() => stop.abort(), 'huggingface@BASE, arxiv:cs.AI@BASE', {
    signal: stop.signal,
  });
  for (const result of results) {
    expect(result).toMatchObject({ failed: true, entries: [], problems: ['stopped before its end'] });
  }
});
