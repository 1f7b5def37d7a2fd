import Parser from 'rss-parser';
import { describe, expect, test } from 'vitest';
import { saveSignals } from '../../src/sources/signals-table.ts';
import type { Gate } from '../../src/web/gate.ts';
import { createWeb } from '../../src/web/web.ts';
import { createWebTools, loadWebTemplates } from '../../src/web/web-tools.ts';
import {
  ADA,
  makePageIssue as makeIssue,
  makePageIssues as makeIssues,
  makeKnown,
  makePick,
  openTestSite,
  type SiteContent,
} from '../support/site.ts';

const TOKEN = 'a-token-that-nobody-guesses';

const TIDES = Array.from({ length: 45 }, (_, index) =>
  makeKnown({ id: `arxiv:${index}`, aliases: [`arxiv:${index}`], title: `Tide ${index}` }),
);

describe('the search', () => {
  test('shows what it found, marked, in pages', async () => {
    const first = await text('/papers?q=tide', { papers: TIDES });
    expect(first).toContain('45 papers');
    expect(first).toContain('<a href="/papers/arxiv:0"><mark>Tide</mark> 0</a>');
    expect(first).toContain('href="/papers?q&#x3D;tide&amp;page&#x3D;2"');
    const last = await text('/papers?q=tide&page=3', { papers: TIDES });
    expect(last).toContain('<mark>Tide</mark> 44');
    expect(last).not.toContain('rel="next"');
  });

  test('says so when nothing is found, and keeps what was typed', async () => {
    const page = await text('/papers?q=%22no%20such%22+zebra', { papers: TIDES });
    expect(page).toContain('No papers found');
    expect(page).toContain('value="&quot;no such&quot; zebra"');
  });

  test('explains a miss: how many papers each word finds by itself', async () => {
    const page = await text('/papers?q=tide+zebra', { papers: TIDES });
    expect(page).toContain('<a href="/papers?q&#x3D;tide" dir="auto">tide</a>: 45 papers');
    expect(page).toContain('<span dir="auto">zebra</span>: no papers.');
  });

  test('shows votes, the day and the issue of what it found', async () => {
    const site = await openTestSite();
    const signal = {
      paperId: 'arxiv:2608.00001',
      source: 'huggingface',
      name: 'upvotes',
      seenAt: 1,
    } as const;
    await saveSignals(site.app.store.db, [{ ...signal, value: 39 }]);
    const page = await site.text('/papers?q=slow');
    expect(page).toContain(
      '>18 August 2026</time> · 39 votes · <a href="/issues/2026-08-19">Issue of Wed 19 Aug</a>',
    );
  });

  test('says in words that only the beginning of a long one was used', async () => {
    const long = Array.from({ length: 17 }, (_, index) => `tide${index}`).join('+');
    const page = await text(`/papers?q=${long}`, { papers: TIDES });
    expect(page).toContain('We used only the first 16 words, and the first 8 words of a phrase');
    expect(await text('/papers?q=tide', { papers: TIDES })).not.toContain('Your search is long');
    const german = await text(`/papers?q=${'x'.repeat(301)}`, { settings: { LANGUAGE: 'de' } });
    expect(german).toContain('Wir haben nur die ersten 16 Wörter verwendet');
  });

  test('that comes when too many search is told to come again, as a page, a feed and JSON', async () => {
    const site = await openTestSite({ settings: { API_TOKENS: TOKEN } });
    const busy: Gate = async () => undefined;
    const tools = createWebTools(site.app, loadWebTemplates(site.app.config, site.app.languages()), {
      ...site.app,
      wake: () => {},
    });
    const web = createWeb(site.app, { ...tools, searchGate: busy });
    for (const path of ['/papers?q=tide', '/papers', '/feed.xml?q=tide', '/feed.json?q=tide']) {
      const response = await web.request(path);
      expect([path, response.status, response.headers.get('retry-after')]).toEqual([path, 503, '5']);
      expect(await response.text()).toContain('Please try again in a few seconds.');
      expect(response.headers.get('cache-control') ?? '').not.toContain('public');
    }
    const headers = { Authorization: `Bearer ${TOKEN}` };
    const api = await web.request('/api/v1/papers?q=tide', { headers });
    expect([api.status, api.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await api.json()).toMatchObject({ ok: false, error: expect.stringContaining('try again') });
  });

  test('becomes interests: for new readers with the sign-up, for others as lines to copy', async () => {
    const page = await text('/papers?q=tide+author:%22Ada+Example%22+cs.CL+-soup', { papers: TIDES });
    expect(page).toContain('Get papers like these by email');
    for (const line of ['tide', 'author:Ada Example', 'cs.CL', '-soup'])
      expect(page).toContain(`<code dir="auto">${line}</code>`);
    const site = await openTestSite({ papers: TIDES });
    const topics = 'tide\r\ncs.CL\nlike:nonsense';
    await site.post('/subscribe', { email: ADA, stamp: site.stamp(), topics });
    expect(await site.signUps()).toEqual([`${ADA} tide cs.CL`]);
  });

  test('is a feed of its own, as Atom and as JSON', async () => {
    const xml = await text('/feed.xml?q=tide', { papers: TIDES });
    const feed = await new Parser().parseString(xml);
    expect(feed.items).toHaveLength(20);
    expect(feed.items[0]?.link).toBe('https://papers.example.org/papers/arxiv:0');
    expect(feed.feedUrl).toBe('https://papers.example.org/feed.xml?q=tide');
    const json = JSON.parse(await text('/feed.json?q=tide', { papers: TIDES }));
    expect(json.items[0]).toMatchObject({
      title: 'Tide 0',
      authors: [{ name: 'Ada Example' }, { name: 'Bo Sample' }],
    });
  });
});

describe('the page of a paper', () => {
  test('has all that is known of it, the issues that picked it and papers like it', async () => {
    const page = await text('/papers/arxiv:1', {
      papers: TIDES,
      issues: [makeIssue({ picks: [makePick({ id: 'arxiv:1', aliases: ['arxiv:1'] })] })],
    });
    for (const part of [
      '<h1 dir="auto">Tide 1</h1>',
      'We water gardens',
      'Ada Example',
      '/issues/2026-08-19',
      'Tide 2',
    ])
      expect(page).toContain(part);
    expect(page).toContain('href="/papers?q&#x3D;author%3A%22Ada+Example%22"');
  });

  test('tells its votes over time, as a line and as numbers, where it was found, and how to cite it', async () => {
    const site = await openTestSite({
      papers: [makeKnown({ sources: ['huggingface', 'arxiv:cs.CL+cs.LG'] })],
    });
    const signal = { paperId: 'arxiv:2608.00001', source: 'huggingface', name: 'upvotes' } as const;
    for (const [hour, value] of [
      [0, 3],
      [6, 20],
      [12, 39],
    ] as const)
      await saveSignals(site.app.store.db, [{ ...signal, value, seenAt: Date.UTC(2026, 7, 18, hour) }]);
    const page = await site.text('/papers/arxiv:2608.00001');
    expect(page).toContain('<figcaption>From 3 votes to 39 votes, 18 August</figcaption>');
    expect(page).toMatch(/<path d="M3\.0 [\d.]+L120\.0 [\d.]+L237\.0 3\.0"\/>/);
    expect(page).toContain('<td>20 votes</td>');
    expect(page).toContain('Hugging Face and arXiv (cs.CL, cs.LG)');
    for (const [ending, type, start] of [
      ['.bib', 'application/x-bibtex', '@misc{example2026slow'],
      ['.ris', 'application/x-research-info-systems', 'TY  - UNPB'],
    ] as const) {
      const response = await site.get(`/papers/arxiv:2608.00001${ending}`);
      expect(response.headers.get('content-type')).toContain(type);
      expect(await response.text()).toContain(start);
    }
    expect(await site.text('/issues/2026-08-19.bib')).toContain('@misc{example2026slow');
    for (const path of ['/papers/none.bib', '/issues/2020-01-01.bib'])
      expect((await site.get(path)).status).toBe(404);
  });

  test('is found by its other names, and leads to the one address', async () => {
    const papers = [makeKnown({ id: 'arxiv:7', aliases: ['arxiv:7', 'doi:10.1000/seven'] })];
    for (const name of ['doi:10.1000/seven', 'doi:10.1000%2Fseven', '7']) {
      const response = await (await openTestSite({ papers })).get(`/papers/${name}`);
      expect([response.status, response.headers.get('location')]).toEqual([301, '/papers/arxiv:7']);
    }
  });

  test('says to machines what it is, in a block that nothing can break out of', async () => {
    const title = '</script><script>alert(1)</script> & <!--';
    const page = await text('/papers/arxiv:2608.00001', { papers: [makeKnown({ title })] });
    const [, block = ''] = /<script type="application\/ld\+json">([^<]*)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(block)).toMatchObject({ '@type': 'ScholarlyArticle', headline: title });
    expect(page.match(/<script/g)).toHaveLength(1);
  });
});

test('a week shows its days, newest first, and a week without issues is none', async () => {
  const page = await text('/issues/2026-W34', { issues: makeIssues(5) });
  expect(page).toMatch(/17\s–\s23 August 2026/u);
  expect(page.indexOf('/issues/2026-08-19')).toBeLessThan(page.indexOf('/issues/2026-08-17'));
  expect(page).not.toContain('/issues/2026-08-16');
  for (const week of ['2020-W01', '2026-W60', 'nonsense'])
    expect((await (await openTestSite()).get(`/issues/${week}`)).status).toBe(404);
});

test('the JSON feed of the issues is version 1.1 with absolute addresses', async () => {
  const response = await (await openTestSite({ issues: [makeIssue()] })).get('/feed.json');
  expect(response.headers.get('content-type')).toBe('application/feed+json; charset=utf-8');
  expect(await response.json()).toMatchObject({
    version: 'https://jsonfeed.org/version/1.1',
    feed_url: 'https://papers.example.org/feed.json',
    items: [
      { id: 'https://papers.example.org/issues/2026-08-19', date_published: '2026-08-19T05:00:00.000Z' },
    ],
  });
});

describe('caches', () => {
  test.each([
    '/',
    '/issues',
    '/issues/2026-08-19',
    '/papers?q=x',
    '/papers/arxiv:2608.00001',
    '/feed.xml',
    '/feed.json',
  ])('may keep %s, and get nothing again while it is the same', async (path) => {
    const { web } = await openTestSite();
    const first = await web.request(path);
    expect(first.headers.get('cache-control')).toContain('public, max-age=60');
    const tag = first.headers.get('etag') ?? '';
    const second = await web.request(path, { headers: { 'If-None-Match': tag } });
    expect([second.status, await second.text()]).toEqual([304, '']);
  });

  test('that ask a feed by date get nothing either', async () => {
    const { web } = await openTestSite();
    const date = (await web.request('/feed.xml')).headers.get('last-modified') ?? '';
    expect(date).toBe('Wed, 19 Aug 2026 05:00:00 GMT');
    expect((await web.request('/feed.xml', { headers: { 'If-Modified-Since': date } })).status).toBe(304);
  });
});

async function text(path: string, content: SiteContent): Promise<string> {
  const site = await openTestSite(content);
  const response = await site.get(path);
  expect([response.status, site.app.logged]).toEqual([200, []]);
  return response.text();
}
