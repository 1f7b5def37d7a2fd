import { describe, expect, test } from 'vitest';
import { hostileFeed } from '../../../bench/hostile-feeds.ts';
import { WORK_HERE } from '../../../src/app.ts';
import { readSources } from '../../../src/issues/gather.ts';
import { feedsApart } from '../../../src/runtime/limited/feeds-apart.ts';
import { parseArxiv } from '../../../src/sources/providers/arxiv.ts';
import { parseArxivApi } from '../../../src/sources/providers/arxiv-api.ts';
import { parseStars } from '../../../src/sources/providers/github.ts';
import { parseStories } from '../../../src/sources/providers/hackernews.ts';
import { parseHuggingFace } from '../../../src/sources/providers/huggingface.ts';
import { parseHere } from '../../../src/sources/providers/parsers.ts';
import { parseRss } from '../../../src/sources/providers/rss.ts';
import { openTestApp } from '../../support/app.ts';
import { arxivRss, listedDay } from '../../support/feeds.ts';
import { NEVER } from '../../support/newsroom.ts';
import { scriptedServer } from '../../support/scripted-server.ts';

const ORIGIN = { source: 'x', seenAt: Date.parse('2026-08-19T05:00:00Z') };
const ODD = new URL('../../support/odd-feed-process.ts', import.meta.url);
const many = Array.from({ length: 400 }, (_, index) => `2608.${String(index).padStart(5, '0')}`);
const answer = (text: string) => ({ body: Buffer.from(text), headers: {} });
const GOOD =
  '<rss version="2.0"><channel><item><title>A made-up work</title><link>https://lab.example/1</link></item></channel></rss>';

describe('feeds read in processes of their own', () => {
  test('give what they give here, however long, and fail with the same words', async () => {
    using apart = open();
    const parse = apart.feeds.parseUntil(NEVER);
    const feed = answer(arxivRss('2026-08-18', many));
    expect(await parse(parseArxiv, feed, ORIGIN)).toEqual(await parseHere(parseArxiv, feed, ORIGIN));
    const day = answer(JSON.stringify(listedDay('2026-08-18', 12)));
    const asked = ['2026-08-18', ORIGIN] as const;
    expect(await parse(parseHuggingFace, day, ...asked)).toEqual(
      await parseHere(parseHuggingFace, day, ...asked),
    );
    expect(await parse(parseStories, answer('{"hits":[]}'))).toEqual({ stories: [], problems: [] });
    expect(await parse(parseStars, answer('{"stargazers_count":7}'))).toEqual({ stars: 7 });
    expect(await parse(parseArxivApi, answer('<feed><title>none</title></feed>'), [])).toEqual({
      details: [],
    });
    const page = answer('<html><p>Hello</p></html>');
    await expect(parse(parseRss, page, ORIGIN)).rejects.toThrow(
      'expected RSS or Atom, got an element <html>',
    );
  });

  test('make features in order, as here', async () => {
    using apart = open();
    const papers = many
      .slice(0, 30)
      .map((id) => ({ title: `Lanternfish ${id}`, abstract: `We look at ${id} in the dark.` }));
    expect(await apart.feeds.featuresOf(papers)).toEqual(await WORK_HERE.featuresOf(papers));
    expect(await apart.feeds.featuresOf([])).toEqual([]);
  });

  test('read an uploaded library as here', async () => {
    using apart = open();
    const library = Buffer.from(many.map((id) => `@misc{x${id}, eprint = {${id}}}`).join('\n'));
    const { entries } = await apart.feeds.readLibrary(library);
    expect(entries).toHaveLength(many.length);
    expect({ entries }).toEqual(await WORK_HERE.readLibrary(library));
  });

  test('that are made to do harm do none, and the ordinary one among them is read', async () => {
    const kinds = ['nesting', 'items of one DOI', 'marks of two classes', 'empty items'] as const;
    await using server = await scriptedServer(({ url = '' }, response) => {
      const kind = kinds[Number(url.slice(1))];
      response.end(kind === undefined ? GOOD : hostileFeed(kind));
    });
    using apart = open();
    const SOURCES = ['0', '1', 'good', '2', '3'].map((path) => `rss:${server.url}/${path}`).join(', ');
    await using app = await openTestApp({ SOURCES }, { limited: { ...WORK_HERE, ...apart.feeds } });
    const run = { date: '2026-08-19', seenAt: app.clock(), signal: NEVER };
    const readings = await readSources(app, app.publishing, run);
    expect(readings.map(({ outcome, items, reason }) => [outcome, items, reason])).toEqual([
      ['failed', 0, 'expected a feed, got more than 100 nested elements'],
      ['partial', 10, expect.stringMatching(/^only the first 5000 of 16600 items were read; /)],
      ['new', 1, ''],
      ['new', 1, ''],
      ['failed', 0, 'expected a feed, got more than 300000 elements'],
    ]);
  });

  test('that exceed a limit or die are sources that failed, and the others are read', async () => {
    await using server = await scriptedServer(({ url = '' }, response) =>
      response.end(url === '/good' ? GOOD : url.slice(1).replaceAll('-', ' ')),
    );
    using apart = open(ODD);
    const sources = ['take-the-memory', 'good', 'die'].map((path) => `rss:${server.url}/${path}`);
    await using app = await openTestApp(
      { SOURCES: sources.join(', ') },
      { limited: { ...WORK_HERE, ...apart.feeds } },
    );
    const readings = await readSources(app, app.publishing, {
      date: '2026-08-19',
      seenAt: app.clock(),
      signal: NEVER,
    });
    expect(readings.map(({ outcome, items, reason }) => ({ outcome, items, reason }))).toEqual([
      { outcome: 'failed', items: 0, reason: 'reading it took more than 256 MB of memory' },
      { outcome: 'new', items: 1, reason: '' },
      { outcome: 'failed', items: 0, reason: 'the process that read it ended with SIGKILL' },
    ]);
  });
});

function open(program?: URL) {
  const feeds = feedsApart(program);
  return { feeds, [Symbol.dispose]: () => feeds.close() };
}
