import Parser from 'rss-parser';
import { expect, test } from 'vitest';
import {
  makePageIssue as makeIssue,
  makePageIssues as makeIssues,
  makePick,
  openTestSite,
  type SiteContent,
} from '../support/site.ts';

test('the feed holds the latest twenty issues with absolute addresses', async () => {
  const { response, feed } = await readFeed({ issues: makeIssues(25) });
  expect(response.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
  expect(feed.items).toHaveLength(20);
  expect(feed.items[0]).toMatchObject({
    link: 'https://papers.example.org/issues/2026-08-19',
    id: 'https://papers.example.org/issues/2026-08-19',
    title: 'Slow clocks for fast gardens, and 9 more',
    pubDate: '2026-08-19T05:00:00.000Z',
  });
  expect(feed.items[0]?.content).toContain('39 upvotes in 29 h');
  expect(feed.feedUrl).toBe('https://papers.example.org/feed.xml');
});

test('the feed survives markup, control characters and CDATA ends in what sources say', async () => {
  const hostile = 'A ]]> B ]]> <b>&amp;</b> \u0000\u0008\u001b\ufffe \ud800 \u{1F4C4} end';
  const issue = makeIssue({
    subject: hostile,
    preheader: hostile,
    picks: [makePick({ title: hostile, abstract: hostile, authors: [hostile] }, [hostile])],
  });
  const { xml, feed } = await readFeed({ issues: [issue], settings: { NEWSLETTER_NAME: 'R&D ]]> <x>' } });
  const codes = [...xml].map((character) => character.codePointAt(0) ?? 0);
  // XML 1.0, section 2.2.
  const isForbidden = (code: number) =>
    (code < 0x20 && ![0x09, 0x0a, 0x0d].includes(code)) || code === 0xfffe || code === 0xffff;
  expect(codes.filter(isForbidden)).toEqual([]);
  expect(feed.title).toBe('R&D ]]> <x>');
  expect(feed.items[0]?.title).toContain('A ]]&gt; B ]]&gt; &lt;b&gt;&amp;amp;&lt;/b&gt;');
  expect(feed.items[0]?.content).not.toContain('<b>');
  expect(feed.items[0]?.content).toContain('\u{1F4C4} end');
});

test('the feed of no issue is a feed without entries', async () => {
  const { feed } = await readFeed({ issues: [] });
  expect(feed.items).toEqual([]);
});

test('the feed says so of a sample issue', async () => {
  const { feed } = await readFeed({ issues: [makeIssue({ sample: true })] });
  expect(feed.items[0]?.content).toContain('Sample issue: no source could be reached');
});

async function readFeed(content: SiteContent) {
  const response = await (await openTestSite(content)).get('/feed.xml');
  const xml = await response.text();
  return { response, xml, feed: await new Parser().parseString(xml) };
}
