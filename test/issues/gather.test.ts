import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { HOUR } from '../../src/domain/time.ts';
import { readSources } from '../../src/issues/gather.ts';
import { readStatus } from '../../src/runtime/health.ts';
import type { Reading } from '../../src/sources/source-runs.ts';
import { openTestApp, tempFolder } from '../support/app.ts';
import { movingClock } from '../support/clock.ts';
import { NEVER } from '../support/newsroom.ts';

const item = (id: number, day: string) =>
  `<item><title>Work ${id} of the made-up kind</title><link>https://lab.example/${id}</link><guid>urn:${id}</guid>
   <description>We look at ${id}.</description><pubDate>${new Date(`${day}T04:00:00Z`).toUTCString()}</pubDate></item>`;
const feed = (...items: string[]) =>
  `<rss version="2.0"><channel><title>Lab</title>${items.join('')}</channel></rss>`;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A provider whose answer a test sets, and that notes the requests it had. */
async function provider(answer: Answer) {
  const state = { answer, asked: [] as IncomingMessage[] };
  const server = createServer((request, response) => {
    state.asked.push(request);
    state.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { state, url, [Symbol.asyncDispose]: stop };
}

const give =
  (body: string, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(200, headers).end(body);

async function read(app: App): Promise<Reading | undefined> {
  const [reading] = await readSources(app, app.publishing, {
    date: '2026-08-19',
    seenAt: app.clock(),
    signal: NEVER,
  });
  return reading;
}

describe('a reading', () => {
  test('reports notices, and what of a first reading without dates counts as old', async () => {
    const undated = (id: number) => item(id, '2026-08-18').replace(/<pubDate>.*<\/pubDate>/, '');
    const old = Array.from({ length: 30 }, (_, index) => undated(index));
    const notice = item(90, '2026-08-18').replace('Work 90', 'Correction: Work 90');
    await using lab = await provider(give(feed(...old, notice)));
    await using app = await openTestApp({ SOURCES: `rss:${lab.url}/f.xml` });
    expect(await read(app)).toMatchObject({
      outcome: 'new',
      items: 30,
      added: 30,
      reason:
        'notices left out: 1 (corrections, tables of contents and the like); undated items of the first reading that count as old: 10',
    });
    lab.state.answer = give(feed(undated(77), ...old));
    expect(await read(app)).toMatchObject({ outcome: 'new', added: 1, reason: '' });
  });

  test('tells new from unchanged, quiet and partial, and counts a streak', async () => {
    await using lab = await provider(give(feed(item(1, '2026-08-18'), item(2, '2026-08-18'))));
    await using app = await openTestApp({ SOURCES: `rss:${lab.url}/f.xml` });
    expect(await read(app)).toMatchObject({ outcome: 'new', items: 2, added: 2 });
    expect(await read(app)).toMatchObject({ outcome: 'unchanged', items: 2, added: 0 });
    expect(await read(app)).toMatchObject({ outcome: 'unchanged' });
    expect((await readStatus(app, 1)).runs[0]).toMatchObject({ streak: 2 });
    lab.state.answer = give(feed());
    expect(await read(app)).toMatchObject({ outcome: 'quiet', items: 0 });
    lab.state.answer = give(feed(item(3, '2026-08-18'), '<item><title>No link</title></item>'));
    expect(await read(app)).toMatchObject({
      outcome: 'partial',
      items: 1,
      reason: expect.stringContaining('no http'),
    });
  });

  test('of the same batch under a new date is stale, and the papers keep their day', async () => {
    await using lab = await provider(give(feed(item(1, '2026-08-17'), item(2, '2026-08-17'))));
    await using app = await openTestApp({ SOURCES: `rss:${lab.url}/f.xml` });
    await read(app);
    lab.state.answer = give(feed(item(1, '2026-08-18'), item(2, '2026-08-18')));
    expect(await read(app)).toMatchObject({ outcome: 'stale', added: 0 });
    const days = await app.store.db.selectFrom('entries').select('listed_on').execute();
    expect(days.map((row) => row.listed_on)).toEqual(['2026-08-17', '2026-08-17']);
    lab.state.answer = give(feed(item(1, '2026-08-18'), item(3, '2026-08-18')));
    expect(await read(app)).toMatchObject({ outcome: 'new', added: 1 });
  });

  test('sends the validators of last time, and moves nothing when nothing has changed', async () => {
    await using lab = await provider((request, response) => {
      if (request.headers['if-none-match'] === '"one"') response.writeHead(304).end();
      else
        response
          .writeHead(200, { etag: '"one"', 'last-modified': 'Tue, 18 Aug 2026 04:00:00 GMT' })
          .end(feed(item(1, '2026-08-18')));
    });
    await using app = await openTestApp({ SOURCES: `rss:${lab.url}/f.xml` });
    expect(await read(app)).toMatchObject({ outcome: 'new', items: 1 });
    expect(lab.state.asked[0]?.headers['if-none-match']).toBeUndefined();
    expect(await read(app)).toMatchObject({ outcome: 'unchanged', items: 1, bytes: 0 });
    expect(lab.state.asked[1]?.headers['if-modified-since']).toBe('Tue, 18 Aug 2026 04:00:00 GMT');
  });

  test('keeps no validators of entries that could not be kept', async () => {
    await using lab = await provider(give(feed(item(1, '2026-08-18')), { etag: '"one"' }));
    await using app = await openTestApp({ SOURCES: `rss:${lab.url}/f.xml` });
    await app.store.db.schema.alterTable('entries').renameTo('hidden').execute();
    await expect(read(app)).rejects.toThrow();
    await app.store.db.schema.alterTable('hidden').renameTo('entries').execute();
    expect(await read(app)).toMatchObject({ outcome: 'new', items: 1 });
    expect(lab.state.asked.at(-1)?.headers['if-none-match']).toBeUndefined();
  });
});

describe('a provider that wants to be left alone', () => {
  test('is not asked before the time it named, across a restart, and then again', async () => {
    await using lab = await provider((_, response) =>
      response.writeHead(429, { 'retry-after': '3600' }).end(),
    );
    using folder = tempFolder();
    const settings = { SOURCES: `rss:${lab.url}/f.xml`, DATABASE_URL: join(folder.path, 'o.db') };
    const time = movingClock('2026-08-19T05:00:00Z');
    {
      await using app = await openTestApp(settings, { time });
      const reading = await read(app);
      expect(reading).toMatchObject({
        outcome: 'failed',
        reason: expect.stringContaining('2026-08-19T06:00:00Z'),
      });
    }
    await using app = await openTestApp(settings, { time });
    expect(await read(app)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('asked us to wait'),
    });
    expect(lab.state.asked).toHaveLength(1);
    lab.state.answer = give(feed(item(1, '2026-08-18')));
    time.advance(HOUR);
    expect(await read(app)).toMatchObject({ outcome: 'new' });
  });

  test('answers 429, 503 and garbage in turn, and the rest of the sources are read all the same', async () => {
    await using bad = await provider((_, response) => response.writeHead(503).end());
    await using good = await provider(give(feed(item(1, '2026-08-18'))));
    await using app = await openTestApp({ SOURCES: `rss:${bad.url}/f.xml, rss:${good.url}/f.xml` });
    const outcomes = async () => {
      const readings = await readSources(app, app.publishing, {
        date: '2026-08-19',
        seenAt: app.clock(),
        signal: NEVER,
      });
      return readings.map(({ outcome }) => outcome);
    };
    expect(await outcomes()).toEqual(['failed', 'new']);
    bad.state.answer = (_, response) => response.writeHead(429).end();
    expect(await outcomes()).toEqual(['failed', 'unchanged']);
    bad.state.answer = give('<html><p>Welcome</p></html>');
    expect(await outcomes()).toEqual(['failed', 'unchanged']);
    bad.state.answer = give('{"error":"no"}');
    expect(await outcomes()).toEqual(['failed', 'unchanged']);
    const { sources, runs } = await readStatus(app, 1);
    expect(sources.find(({ name }) => name.includes(bad.url))?.reason).toContain('expected RSS or Atom');
    expect(runs.find(({ name }) => name.includes(bad.url))?.streak).toBe(4);
  });

  test('of one arXiv gets one request at a time, three seconds apart, whoever asks', async () => {
    const starts: number[] = [];
    let open = 0;
    let most = 0;
    using folder = tempFolder();
    const time = movingClock('2026-08-19T05:00:00Z');
    await using arxiv = await provider((_, response) => {
      open += 1;
      most = Math.max(most, open);
      starts.push(time.now());
      setImmediate(() => {
        open -= 1;
        response.end(feed());
      });
    });
    const settings = {
      SOURCES: `arxiv:cs.AI@${arxiv.url}, arxiv:cs.CL@${arxiv.url}`,
      DATABASE_URL: join(folder.path, 'o.db'),
    };
    await using first = await openTestApp(settings, { time, owner: 'one' });
    await using second = await openTestApp(settings, { time, owner: 'two' });
    await Promise.all([read(first), read(second)]);
    expect(most).toBe(1);
    expect(starts).toHaveLength(4);
    for (const [index, start] of starts.slice(1).entries()) {
      expect(start - (starts[index] ?? 0)).toBeGreaterThanOrEqual(3000);
    }
  });
});
