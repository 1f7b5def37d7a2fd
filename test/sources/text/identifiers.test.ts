import { expect, test } from 'vitest';
import { arxivId, arxivIdIn } from '../../../src/domain/arxiv-id.ts';
import { doiIn, idsIn } from '../../../src/sources/text/identifiers.ts';
import { webLink } from '../../../src/sources/text/web-links.ts';

test('an arXiv id loses its version and subject class', () => {
  expect(['2601.99001v12', 'arXiv:2601.9900', 'math.AG/0601001v2', 'hep-ex/9901001'].map(arxivId)).toEqual([
    '2601.99001',
    '2601.9900',
    'math/0601001',
    'hep-ex/9901001',
  ]);
  expect(['2613.99001', '2601.990011', 'a/b', '', '10.5555/2601.99001'].map(arxivId)).not.toContainEqual(
    expect.anything(),
  );
});

test('an arXiv id is found in addresses and identifiers', () => {
  const texts = [
    'https://arxiv.org/pdf/2601.99001v2.pdf',
    'oai:arXiv.org:2601.99001v1',
    'https://huggingface.co/papers/2601.99001',
    'https://doi.org/10.48550/arXiv.2601.99001',
  ];
  for (const text of texts) expect(arxivIdIn(text)).toBe('2601.99001');
  expect(arxivIdIn('https://lab.example/2601.99001')).toBeUndefined();
});

test('a DOI is found bare or in an address, in lower case, but not one that arXiv gives', () => {
  expect(doiIn('https://doi.org/10.5555/ABC(1)-2?x=1')).toBe('10.5555/abc(1)-2');
  expect(doiIn('doi:10.5555/x.')).toBe('10.5555/x');
  for (const tail of ['v1', 'v12?rss=1', 'v2.full.pdf', 'v1.abstract']) {
    expect(doiIn(`https://www.biorxiv.org/content/10.64898/2026.01.05.999001${tail}`)).toBe(
      '10.64898/2026.01.05.999001',
    );
  }
  expect(idsIn(['https://doi.org/10.48550/arXiv.2601.99001', 'pubmed:123'])).toEqual({
    arxiv: '2601.99001',
    pubmed: '123',
  });
});

test('a DOI in the address of a page or file is that of the paper', () => {
  const pages = [
    'https://onlinelibrary.wiley.example/doi/10.5555/toy.10001/abstract',
    'https://a.example/articles/10.5555/toy.10001/full',
    'https://a.example/article/10.5555/toy.10001/meta',
    'https://a.example/doi/10.5555/toy.10001/full/html',
    'https://a.example/content/10.5555/toy.10001.pdf',
    'https://a.example/doi/epdf/10.5555/toy.10001?af=R',
    'https://a.example/article?id=10.5555/toy.10001&type=printable',
    'https://a.example/10.5555/toy.10001/',
    'doi:10.5555/TOY.10001/html',
  ];
  for (const page of pages) expect(doiIn(page)).toBe('10.5555/toy.10001');
  expect(doiIn('https://academic.oup.example/a/article/doi/10.1093/toybio/btag001/8123456?rss=1')).toBe(
    '10.1093/toybio/btag001',
  );
  expect(doiIn('10.5555/abstract')).toBe('10.5555/abstract');
});

test('a DOI of a version is that of the preprint', () => {
  const versions: [given: string, expected: string][] = [
    ['10.26434/chemrxiv-2026-abcde-v2', '10.26434/chemrxiv-2026-abcde'],
    ['10.26434/chemrxiv.10001917/v1', '10.26434/chemrxiv.10001917'],
    ['10.21203/rs.3.rs-7654321/v2', '10.21203/rs.3.rs-7654321'],
    ['10.31234/osf.io/toy12_v2', '10.31234/osf.io/toy12'],
    ['10.20944/preprints202611.0001.v3', '10.20944/preprints202611.0001'],
    ['10.7554/eLife.98765.2', '10.7554/elife.98765'],
    ['10.1016/j.toy.2026.0022', '10.1016/j.toy.2026.0022'],
  ];
  for (const [given, expected] of versions) expect(doiIn(`https://doi.org/${given}`)).toBe(expected);
});

test('a link is an address that a reader may click', () => {
  expect(webLink(' /a?b=c&d ', 'https://a.example/feed')).toBe('https://a.example/a?b=c&d');
  for (const text of [
    'javascript:alert(1)',
    'data:,x',
    'file:///etc/passwd',
    'http://a:b@c.example/',
    '',
    undefined,
    'x',
  ]) {
    expect(webLink(text)).toBeUndefined();
  }
});
