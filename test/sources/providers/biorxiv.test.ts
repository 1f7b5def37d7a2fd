import { describe, expect, test } from 'vitest';
import { biorxiv, medrxiv, parseBiorxiv } from '../../../src/sources/providers/biorxiv.ts';
import { FeedUnreadable } from '../../../src/sources/providers/feed-elements.ts';
import { answering } from '../../support/read.ts';

const seenAt = Date.parse('2026-01-06T00:00:00Z');
const origin = { source: 'biorxiv:neuroscience', seenAt };

function item(change: { doi?: string; link?: string; title?: string; date?: string; more?: string } = {}) {
  const {
    doi = '10.64898/2026.01.05.999001',
    title = 'A made-up axon',
    date = '2026-01-05',
    more = '',
  } = change;
  const link = change.link ?? `https://www.biorxiv.org/content/${doi}v1?rss=1`;
  return `<item rdf:about="${link}"><title><![CDATA[\n${title}\n]]></title><link>${link}</link>
    <description><![CDATA[ We grew CO<sub>2</sub> axons &amp; <i>measured</i> them. ]]></description>
    <dc:creator><![CDATA[ Made, A. B., van Up, C., The Axon Group, Nowhere, J.-P. ]]></dc:creator>
    <dc:date>${date}</dc:date>${doi && `<dc:identifier>doi:${doi}</dc:identifier>`}
    <dc:publisher>Cold Spring Harbor Laboratory</dc:publisher><prism:section>New Results</prism:section>${more}</item>`;
}

function rdf(...items: string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://purl.org/rss/1.0/modules/prism/">
    <channel rdf:about="https://www.biorxiv.org"><title>bioRxiv</title><link>https://www.biorxiv.org</link><items/></channel>
    ${items.join('')}</rdf:RDF>`;
}

describe('a bioRxiv feed', () => {
  test('gives its preprints under their DOIs', () => {
    expect(parseBiorxiv(rdf(item()), origin, ['cell_biology'])).toEqual({
      entries: [
        {
          source: origin.source,
          key: '10.64898/2026.01.05.999001',
          ids: { doi: '10.64898/2026.01.05.999001' },
          title: 'A made-up axon',
          abstract: 'We grew CO₂ axons & measured them.',
          authors: ['A. B. Made', 'C. van Up', 'The Axon Group', 'J.-P. Nowhere'],
          links: {
            abstract: 'https://www.biorxiv.org/content/10.64898/2026.01.05.999001v1',
            pdf: 'https://www.biorxiv.org/content/10.64898/2026.01.05.999001v1.full.pdf',
          },
          categories: ['cell biology'],
          listedOn: '2026-01-05',
          publishedAt: Date.parse('2026-01-05T00:00:00Z'),
          signals: [],
        },
      ],
      problems: [],
    });
  });

  test('names no category when several subjects, or all, were asked for', () => {
    for (const subjects of [['neuroscience', 'genomics'], ['all'], []]) {
      expect(parseBiorxiv(rdf(item()), origin, subjects).entries[0]?.categories).toEqual([]);
    }
  });

  test('takes the DOI from the address, without version, where it stands nowhere else', () => {
    const link = 'https://www.medrxiv.org/content/10.1101/2026.01.05.999002v3.full.pdf?rss=1';
    const [entry] = parseBiorxiv(rdf(item({ doi: '', link })), origin).entries;
    expect(entry?.key).toBe('10.1101/2026.01.05.999002');
  });

  test('reads what it can of a hostile feed and says what it cannot', () => {
    const { entries, problems } = parseBiorxiv(
      rdf(
        item({ link: 'javascript:alert(1)' }),
        item({ title: 'The same paper again' }),
        item({ doi: '', link: 'data:text/html,x', title: 'Nowhere' }),
        item({ doi: '10.1101/1', title: ' ' }),
        item({ doi: '10.1101/2', title: 'Subject\r\nBcc: x@example.org', date: '1970-01-01' }),
        item({ doi: '10.1101/3', title: 'x'.repeat(1_000_000), date: '2099-01-01' }),
      ),
      origin,
    );
    expect(problems).toEqual([
      'item 3: no DOI and no http or https link (Nowhere)',
      'item 4: no title (https://www.biorxiv.org/content/10.1101/1v1)',
    ]);
    expect(
      entries.map(({ title, links, listedOn }) => [title.slice(0, 40), links.abstract, listedOn]),
    ).toEqual([
      ['A made-up axon', 'https://doi.org/10.64898/2026.01.05.999001', '2026-01-05'],
      ['Subject Bcc: x@example.org', 'https://www.biorxiv.org/content/10.1101/2v1', undefined],
      ['x'.repeat(40), 'https://www.biorxiv.org/content/10.1101/3v1', undefined],
    ]);
    expect(entries[2]?.title).toHaveLength(500);
  });

  test('is quiet when it has no items, and no feed when it is a page of HTML', () => {
    expect(parseBiorxiv(rdf(), origin)).toEqual({ entries: [], problems: [] });
    expect(() => parseBiorxiv('<!doctype html><html>Just a moment</html>', origin)).toThrow(FeedUnreadable);
  });
});

test('bioRxiv and medRxiv are asked for the subjects, at their own address or another', async () => {
  const { asked, ...ask } = answering(rdf(item()));
  const clock = () => seenAt;
  const argument = 'neuroscience+cell_biology';
  await biorxiv({ spec: { name: 'x', kind: 'biorxiv', argument }, ...ask, clock, days: [] });
  const base = 'http://127.0.0.1:9000';
  await medrxiv({
    spec: { name: 'x', kind: 'medrxiv', argument: 'epidemiology', base },
    ...ask,
    clock,
    days: [],
  });
  expect(asked).toEqual([
    'https://connect.biorxiv.org/biorxiv_xml.php?subject=neuroscience+cell_biology',
    'http://127.0.0.1:9000/medrxiv_xml.php?subject=epidemiology',
  ]);
});
