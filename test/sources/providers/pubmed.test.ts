import { describe, expect, test } from 'vitest';
import { FeedUnreadable } from '../../../src/sources/providers/feed-elements.ts';
import { parsePubmed, pubmed } from '../../../src/sources/providers/pubmed.ts';
import { answering } from '../../support/read.ts';

const seenAt = Date.parse('2026-01-06T00:00:00Z');
const origin = { source: 'pubmed:1abcDEF', seenAt };
const ABSTRACT = '<p>BACKGROUND: Mice dream.</p><p>RESULTS: T<sub>c</sub> rose by 10<sup>-3</sup>.</p>';

function item(
  pmid: string,
  change: { title?: string; content?: string; description?: string; ids?: string } = {},
) {
  const {
    title = 'Made-up mice',
    content = headed(pmid, ABSTRACT),
    description = 'BACKGROUND: Mice dream.',
  } = change;
  const ids =
    change.ids ??
    `<dc:identifier>pmid:${pmid}</dc:identifier><dc:identifier>doi:10.5555/Mice.${pmid}</dc:identifier>`;
  return `<item><title>${title}</title>
    <link>https://pubmed.ncbi.nlm.nih.gov/${pmid}/?utm_source=Other&amp;utm_medium=rss&amp;fc=2026&amp;v=2.18</link>
    <description><![CDATA[${description}]]></description><content:encoded><![CDATA[${content}]]></content:encoded>
    <guid isPermaLink="false">pubmed:${pmid}</guid><pubDate>Mon, 05 Jan 2026 06:00:00 -0500</pubDate>
    <dc:creator>Ada Example</dc:creator><dc:creator>Bruno Sample</dc:creator><dc:date>2026-01-05</dc:date>
    <dc:source>Annals of Made-up Mice</dc:source><dc:title>${title}</dc:title>${ids}</item>`;
}

function headed(pmid: string, abstract: string): string {
  return `<div><p style="color: #4aa564;">Ann Made Up Mice. 2026 Jan 5. doi: 10.5555/mice.${pmid}.</p>
    <p><b>ABSTRACT</b></p>${abstract}<p style="color: lightgray">PMID:<a href="https://pubmed.ncbi.nlm.nih.gov/${pmid}/">${pmid}</a> | DOI:<a href="https://doi.org/10.5555/x">10.5555/x</a></p></div>`;
}

function rss(...items: string[]): string {
  return `<?xml version="1.0" encoding="utf-8"?><rss xmlns:content="http://purl.org/rss/1.0/modules/content/"
    xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel><title>pubmed: mice</title>${items.join('')}</channel></rss>`;
}

describe('a PubMed feed', () => {
  test('gives its papers under their PubMed ids', () => {
    expect(parsePubmed(rss(item('99000001')), origin)).toEqual({
      entries: [
        {
          source: origin.source,
          key: '99000001',
          ids: { pubmed: '99000001', doi: '10.5555/mice.99000001' },
          title: 'Made-up mice',
          abstract: 'BACKGROUND: Mice dream. RESULTS: T_c rose by 10⁻³.',
          authors: ['Ada Example', 'Bruno Sample'],
          links: { abstract: 'https://pubmed.ncbi.nlm.nih.gov/99000001/' },
          categories: ['Annals of Made-up Mice'],
          listedOn: '2026-01-05',
          publishedAt: Date.parse('2026-01-05T00:00:00Z'),
          signals: [],
        },
      ],
      problems: [],
    });
  });

  test('gives the abstract from wherever it stands, and none where there is none', () => {
    const abstracts = [
      item('1', { content: '' }),
      item('2', { content: '', description: headed('2', '<p>Old form.</p>') }),
      item('3', { content: '<div><p>Ann Mice. 2026.</p></div>', description: 'NO ABSTRACT' }),
    ];
    const { entries } = parsePubmed(rss(...abstracts), origin);
    expect(entries.map(({ abstract }) => abstract)).toEqual(['BACKGROUND: Mice dream.', 'Old form.', '']);
  });

  test('reads what it can of a hostile feed and says what it cannot', () => {
    const { entries, problems } = parsePubmed(
      rss(
        '<item><title>No id</title><link>javascript:alert(1)</link></item>',
        item('4', { title: '' }),
        item('5', { title: '[Erfundene Mäuse].' }),
        item('5', { title: 'The same id' }),
        item('6', { title: 'WITHDRAWN: Mice that were not' }),
        item('7', { content: '<p'.repeat(500_000), description: '<b>ABSTRACT'.repeat(90_000) }),
      ),
      origin,
    );
    expect(entries.map(({ title }) => title)).toEqual(['Erfundene Mäuse', 'Made-up mice']);
    expect(problems).toEqual(['item 1: no PubMed id (No id)', 'item 2: pubmed:4 has no title']);
  });

  test('tells of dates that it could not read', () => {
    const undated = item('8', {})
      .replace(/<pubDate>.*<\/pubDate>/, '')
      .replace('2026-01-05', 'in winter');
    expect(parsePubmed(rss(undated), origin).problems).toEqual([
      'the date of 1 item could not be read with certainty, for example "in winter"',
    ]);
  });

  test('counts notices, which are no papers', () => {
    const { entries, notices } = parsePubmed(
      rss(item('8', { title: 'Correction: Mice' }), item('9', { title: 'Retraction notice to "Mice"' })),
      origin,
    );
    expect([entries.length, notices]).toEqual([0, 2]);
  });

  test('is quiet when it has no items, and no feed when it is a page of HTML', () => {
    expect(parsePubmed(rss(), origin)).toEqual({ entries: [], problems: [] });
    expect(() => parsePubmed('<html><body>Error</body></html>', origin)).toThrow(FeedUnreadable);
  });
});

test('PubMed is asked for the feed, at its own address or another', async () => {
  const { asked, ...ask } = answering(rss());
  const spec = { name: 'x', kind: 'pubmed', argument: '1abc-DEF_2' } as const;
  await pubmed({ spec, ...ask, clock: () => seenAt, days: [] });
  await pubmed({ spec: { ...spec, base: 'http://127.0.0.1:9000' }, ...ask, clock: () => seenAt, days: [] });
  expect(asked).toEqual([
    'https://pubmed.ncbi.nlm.nih.gov/rss/search/1abc-DEF_2/?limit=100',
    'http://127.0.0.1:9000/rss/search/1abc-DEF_2/?limit=100',
  ]);
});
