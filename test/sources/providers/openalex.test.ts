import { describe, expect, test } from 'vitest';
import { invertedText } from '../../../src/sources/providers/inverted-text.ts';
import { openalex, parseOpenAlex } from '../../../src/sources/providers/openalex.ts';
import { answering } from '../../support/read.ts';

const seenAt = Date.parse('2026-01-06T00:00:00Z');
const origin = { source: 'openalex:mice', seenAt };
const work = {
  id: 'https://openalex.org/W9990000001',
  doi: 'https://doi.org/10.5555/Made.1',
  ids: { openalex: 'https://openalex.org/W9990000001', pmid: 'https://pubmed.ncbi.nlm.nih.gov/99000001' },
  title: 'Made-up <i>mice</i>',
  publication_date: '2026-01-05',
  is_retracted: false,
  is_paratext: false,
  authorships: [
    {
      author_position: 'first',
      author: { id: 'https://openalex.org/A1', display_name: 'Ada Example', orcid: null },
    },
    { author_position: 'last', author: null },
  ],
  primary_location: { landing_page_url: 'https://doi.org/10.5555/made.1', pdf_url: null, source: null },
  best_oa_location: { landing_page_url: 'https://lab.example/1', pdf_url: 'https://lab.example/1.pdf' },
  open_access: { is_oa: true, oa_status: 'green', oa_url: 'https://lab.example/1' },
  locations: [{ landing_page_url: 'https://lab.example/1', pdf_url: null }],
  topics: [{ id: 'https://openalex.org/T1', display_name: 'Dreams of Mice', score: 0.9 }],
  abstract_inverted_index: { Mice: [0, 3], dream: [1], of: [2] },
};

function results(...list: unknown[]): string {
  return JSON.stringify({
    meta: { count: list.length, page: 1, per_page: 100 },
    results: list,
    group_by: [],
  });
}

describe('a search in OpenAlex', () => {
  test('gives the works it finds, their abstracts put together again', () => {
    expect(parseOpenAlex(results(work), origin)).toEqual({
      entries: [
        {
          source: origin.source,
          key: 'W9990000001',
          ids: { doi: '10.5555/made.1', pubmed: '99000001' },
          title: 'Made-up mice',
          abstract: 'Mice dream of Mice',
          authors: ['Ada Example'],
          links: { abstract: 'https://doi.org/10.5555/made.1', pdf: 'https://lab.example/1.pdf' },
          categories: ['Dreams of Mice'],
          listedOn: '2026-01-05',
          publishedAt: Date.parse('2026-01-05T00:00:00Z'),
          signals: [],
        },
      ],
      problems: [],
    });
  });

  test('knows a work on arXiv by any of its places', () => {
    const places = [
      {
        ...work,
        id: 'W1',
        doi: 'https://doi.org/10.48550/arxiv.2601.99001',
        ids: {},
        primary_location: null,
      },
      { ...work, id: 'W2', locations: [{ landing_page_url: 'http://arxiv.org/abs/2601.99002' }] },
    ];
    expect(parseOpenAlex(results(...places), origin).entries.map(({ ids }) => ids.arxiv)).toEqual([
      '2601.99001',
      '2601.99002',
    ]);
  });

  test('bears with nulls, and leaves out what is retracted or no work', () => {
    const nulls = Object.fromEntries(Object.keys(work).map((key) => [key, null]));
    const { entries, problems } = parseOpenAlex(
      results(
        { ...nulls, id: 'W1', title: 'T' },
        { ...nulls, id: 'W2' },
        { ...work, id: 'W3', is_retracted: true },
        { ...work, id: 'W4', is_paratext: true },
        { ...work, id: 'https://evil.example/W5' },
        'W6',
        { ...work, id: 'W7', publication_date: '2026-12-01' },
      ),
      origin,
    );
    expect(entries.map(({ key, links, listedOn }) => [key, links.abstract, listedOn])).toEqual([
      ['W1', 'https://openalex.org/W1', undefined],
      ['W7', 'https://doi.org/10.5555/made.1', undefined],
    ]);
    expect(problems).toEqual([
      'item 2: W2 has no title',
      'item 5: expected a work with an OpenAlex id',
      'item 6: expected a work with an OpenAlex id',
    ]);
  });
});

test('an inverted index with places that cannot be stays small', () => {
  expect(invertedText({ b: [1, 1e9, -1, 0.5], a: [0, 1] })).toBe('a b');
  expect(invertedText(JSON.parse('{"__proto__":[1],"x":[0]}'))).toBe('x __proto__');
  expect(invertedText({})).toBe('');
});

test('OpenAlex is asked for the works of the days, newest first', async () => {
  const { asked, ...ask } = answering(results());
  const spec = {
    name: 'x',
    kind: 'openalex',
    argument: 'made up, mice',
    base: 'http://127.0.0.1:9000',
  } as const;
  await openalex({ spec, ...ask, clock: () => seenAt, days: ['2025-12-30', '2026-01-05'] });
  const url = new URL(asked[0] ?? '');
  expect(url.origin + url.pathname).toBe('http://127.0.0.1:9000/works');
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    search: 'made up, mice',
    filter: 'from_publication_date:2025-12-30,to_publication_date:2026-01-05',
    sort: 'publication_date:desc',
    'per-page': '100',
  });
});
