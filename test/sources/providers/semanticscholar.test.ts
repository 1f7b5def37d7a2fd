import { describe, expect, test } from 'vitest';
import { parseSemanticScholar, semanticscholar } from '../../../src/sources/providers/semanticscholar.ts';
import { answering } from '../../support/read.ts';

const seenAt = Date.parse('2026-01-06T00:00:00Z');
const origin = { source: 'semanticscholar:mice', seenAt };
const paper = {
  paperId: 'ab'.repeat(20),
  externalIds: { ArXiv: '2601.99001', DOI: '10.48550/arXiv.2601.99001', CorpusId: 999 },
  url: `https://www.semanticscholar.org/paper/${'ab'.repeat(20)}`,
  title: 'Made-up $\\alpha$ mice',
  abstract: 'Mice dream.',
  venue: 'Annals',
  citationCount: 0,
  openAccessPdf: { url: 'https://lab.example/mice.pdf', status: 'GREEN', license: null },
  fieldsOfStudy: ['Biology', 'Biology'],
  publicationDate: '2026-01-05',
  authors: [
    { authorId: '1', name: 'Ada Example' },
    { authorId: null, name: null },
  ],
};

function found(...data: unknown[]): string {
  return JSON.stringify({ total: data.length, token: null, data });
}

describe('a search in the Academic Graph', () => {
  test('gives the papers it finds', () => {
    expect(parseSemanticScholar(found(paper), origin)).toEqual({
      entries: [
        {
          source: origin.source,
          key: paper.paperId,
          ids: { arxiv: '2601.99001' },
          title: 'Made-up α mice',
          abstract: 'Mice dream.',
          authors: ['Ada Example'],
          links: { abstract: 'https://arxiv.org/abs/2601.99001', pdf: 'https://arxiv.org/pdf/2601.99001' },
          categories: ['Biology'],
          listedOn: '2026-01-05',
          publishedAt: Date.parse('2026-01-05T00:00:00Z'),
          signals: [],
        },
      ],
      problems: [],
    });
  });

  test('bears with nulls everywhere but in the id and the title', () => {
    const nulls = Object.fromEntries(Object.keys(paper).map((key) => [key, null]));
    const { entries, problems } = parseSemanticScholar(
      found({ ...nulls, paperId: 'a1', title: 'T' }, { ...nulls, paperId: 'a2' }, null, {
        ...paper,
        paperId: 7,
      }),
      origin,
    );
    expect(entries).toEqual([
      {
        source: origin.source,
        key: 'a1',
        ids: {},
        title: 'T',
        abstract: '',
        authors: [],
        links: { abstract: 'https://www.semanticscholar.org/paper/a1' },
        categories: [],
        signals: [],
      },
    ]);
    expect(problems).toEqual([
      'item 2: a2 has no title',
      'item 3: expected a paper with a paperId',
      'item 4: expected a paper with a paperId',
    ]);
  });

  test('leads to the DOI, or PubMed, and to an open PDF that may be clicked', () => {
    const links = [{ DOI: '10.5555/A', PubMed: '99' }, { PubMed: '99' }].map((externalIds, n) => ({
      ...paper,
      paperId: `a${n}`,
      externalIds,
      ...(n && { openAccessPdf: { url: 'javascript:x' } }),
    }));
    expect(
      parseSemanticScholar(found(...links), origin).entries.map(({ ids, links }) => [ids, links]),
    ).toEqual([
      [
        { doi: '10.5555/a', pubmed: '99' },
        { abstract: 'https://doi.org/10.5555/a', pdf: 'https://lab.example/mice.pdf' },
      ],
      [{ pubmed: '99' }, { abstract: 'https://pubmed.ncbi.nlm.nih.gov/99/' }],
    ]);
  });

  test('ignores dates that cannot be', () => {
    const dated = ['1970-01-01', '2099-01-01', '2026-13-45', 'soon'].map((publicationDate, n) => ({
      ...paper,
      paperId: `a${n}`,
      publicationDate,
    }));
    for (const entry of parseSemanticScholar(found(...dated), origin).entries)
      expect(entry).not.toHaveProperty('listedOn');
  });

  test('is quiet when nothing was found', () => {
    expect(parseSemanticScholar(found(), origin).entries).toEqual([]);
    expect(parseSemanticScholar('{"total":0,"offset":0}', origin)).toEqual({ entries: [], problems: [] });
  });
});

test('the Academic Graph is asked for what was published since the first day, newest first', async () => {
  const { asked, ...ask } = answering(found());
  const spec = { name: 'x', kind: 'semanticscholar', argument: '"made up" & mice' } as const;
  const days = ['2025-12-30', '2026-01-05'];
  await semanticscholar({ spec, ...ask, clock: () => seenAt, days });
  await semanticscholar({
    spec: { ...spec, base: 'http://127.0.0.1:9000/s2' },
    ...ask,
    clock: () => seenAt,
    days,
  });
  const [own = '', other = ''] = asked;
  const url = new URL(own);
  expect(url.origin + url.pathname).toBe('https://api.semanticscholar.org/graph/v1/paper/search/bulk');
  expect(url.searchParams.get('query')).toBe('"made up" & mice');
  expect(url.searchParams.get('publicationDateOrYear')).toBe('2025-12-30:');
  expect(url.searchParams.get('sort')).toBe('publicationDate:desc');
  expect(other).toContain('http://127.0.0.1:9000/s2/graph/v1/paper/search/bulk?query=');
});
