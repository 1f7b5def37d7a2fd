import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseStories, storySignals } from '../../../src/sources/providers/hackernews.ts';
import type { SignalTarget } from '../../../src/sources/providers/signal-source.ts';

const ORIGIN = { source: 'hackernews', seenAt: Date.parse('2026-01-06T05:00:00Z') };
const ARXIV: SignalTarget = {
  paperId: 'arxiv:2601.99001',
  ids: { arxiv: '2601.99001' },
  title: 'Made-up one',
};
const DOI: SignalTarget = {
  paperId: 'doi:10.1101/2026.01.02.999999',
  ids: { doi: '10.1101/2026.01.02.999999' },
  title: 'Made-up two',
};

/** A hit in the shape that Algolia's search gives, with what subscribers do not need. */
const hit = (url: unknown, points: unknown = 12, comments: unknown = 3, more: object = {}) => ({
  _highlightResult: { url: { matchLevel: 'full', matchedWords: ['arxiv.org'], value: '<em>arxiv.org</em>' } },
  _tags: ['story', 'author_somebody', 'story_1'],
  author: 'somebody',
  children: [1, 2],
  created_at: '2026-01-05T10:00:00Z',
  created_at_i: 1767607200,
  num_comments: comments,
  objectID: '1',
  points,
  story_id: 1,
  title: 'Made-up one [pdf]',
  updated_at: '2026-01-05T11:00:00Z',
  url,
  ...more,
});
const answer = (...hits: unknown[]) =>
  JSON.stringify({
    exhaustiveNbHits: true,
    hits,
    hitsPerPage: 1000,
    nbHits: hits.length,
    nbPages: 1,
    page: 0,
  });

function read(hits: unknown[], targets: readonly SignalTarget[] = [ARXIV, DOI]) {
  const signals = storySignals(parseStories(answer(...hits)).stories, targets, ORIGIN);
  return signals.map(({ paperId, name, value }) => `${paperId} ${name} ${value}`);
}

describe('a story', () => {
  test('gives its paper points and comments, with source and time', () => {
    const { stories, problems } = parseStories(answer(hit('https://arxiv.org/abs/2601.99001')));
    expect(problems).toEqual([]);
    const common = { paperId: 'arxiv:2601.99001', source: 'hackernews', seenAt: ORIGIN.seenAt };
    expect(storySignals(stories, [ARXIV], ORIGIN)).toEqual([
      { ...common, name: 'points', value: 12 },
      { ...common, name: 'comments', value: 3 },
    ]);
  });

  test.each([
    'https://arxiv.org/abs/2601.99001v3',
    'http://www.arxiv.org/pdf/2601.99001v1.pdf',
    'https://arxiv.org/html/2601.99001',
    'https://export.arxiv.org/abs/2601.99001?context=cs#top',
    'https://huggingface.co/papers/2601.99001',
    'https://www.alphaxiv.org/abs/2601.99001v2',
    'https://doi.org/10.48550/arXiv.2601.99001',
  ])('is found by the arXiv id in %s', (url) => {
    expect(read([hit(url)])).toHaveLength(2);
  });

  test.each([
    'https://doi.org/10.1101/2026.01.02.999999',
    'https://www.biorxiv.org/content/10.1101/2026.01.02.999999v2',
    'https://www.medrxiv.org/content/10.1101/2026.01.02.999999v1.full.pdf',
    'https://www.biorxiv.org/content/10.1101/2026.01.02.999999v1.full-text',
    'https://journal.example.org/find?id=10.1101/2026.01.02.999999',
  ])('is found by the DOI in %s', (url) => {
    expect(read([hit(url)])).toHaveLength(2);
  });

  test.each([
    'https://arxiv.org/abs/2601.99002',
    'https://arxiv.org/abs/2601.990011',
    'https://arxiv.org/list/cs.AI/recent',
    'https://example.org/?about=arxiv.org/abs/2601.99001',
    'https://example.org/2601.99001',
    'javascript:alert("https://arxiv.org/abs/2601.99001")',
    'data:text/html,arxiv.org/abs/2601.99001',
    'https://arxiv.org@example.org:x/abs/2601.99001',
    '',
    null,
    undefined,
    7,
  ])('is passed over when its address is %s', (url) => {
    expect(read([hit(url)])).toEqual([]);
  });
});

describe('of several stories of one paper', () => {
  test('the one of most points counts, with its own comments', () => {
    const hits = [
      hit('https://arxiv.org/abs/2601.99001', 2, 400),
      hit('https://arxiv.org/pdf/2601.99001v2', 90, 7),
      hit('https://huggingface.co/papers/2601.99001', null, 1000),
    ];
    expect(read(hits)).toEqual(['arxiv:2601.99001 points 90', 'arxiv:2601.99001 comments 7']);
    expect(read(hits.toReversed())).toEqual(read(hits));
  });
});

describe('zero and unknown', () => {
  test('are different things', () => {
    const url = 'https://arxiv.org/abs/2601.99001';
    expect(read([hit(url, 0, 0)])).toEqual(['arxiv:2601.99001 points 0', 'arxiv:2601.99001 comments 0']);
    expect(read([hit(url, null, 4)])).toEqual(['arxiv:2601.99001 comments 4']);
    expect(read([{ url }])).toEqual([]);
    expect(read([])).toEqual([]);
  });

  test.each(['12', -1, 1.5, 1e12, true, {}, [12]])('%j is no number of points', (points) => {
    expect(read([hit('https://arxiv.org/abs/2601.99001', points)])).toEqual(['arxiv:2601.99001 comments 3']);
  });
});

describe('an answer of the wrong shape', () => {
  test.each([
    '',
    '<html>no</html>',
    '7',
    'null',
    '[]',
    '["x"]',
    '{"message":"invalid filter","status":400}',
    '{"hits":null}',
    '{"hits":{"0":1}}',
  ])('is refused: %s', (json) => {
    expect(() => parseStories(json)).toThrow(/^expected a list of stories in "hits", got "/);
  });

  test('is bad for the stories alone that are none', () => {
    const json = answer('x', null, [], 4, hit('https://arxiv.org/abs/2601.99001'));
    const { stories, problems } = parseStories(json);
    expect(stories).toHaveLength(1);
    expect(problems).toEqual(['4 of 5 stories: expected an object']);
  });
});

test('10,000 stories are read, whoever they are of', () => {
  const hits = Array.from({ length: 10_000 }, (_, index) =>
    hit(`https://arxiv.org/abs/2601.${String(90_000 + (index % 5000)).padStart(5, '0')}`, index, 1),
  );
  const target = { ...ARXIV, paperId: 'arxiv:2601.90007', ids: { arxiv: '2601.90007' } };
  expect(read(hits, [target])).toEqual(['arxiv:2601.90007 points 5007', 'arxiv:2601.90007 comments 1']);
});

test('whatever the hits are, signals are of known papers and their values are whole numbers', () => {
  const anyHit = fc.oneof(
    fc.jsonValue(),
    fc.record({
      url: fc.oneof(fc.webUrl(), fc.constant('https://arxiv.org/abs/2601.99001'), fc.jsonValue()),
      points: fc.oneof(fc.nat(), fc.jsonValue()),
      num_comments: fc.oneof(fc.nat(), fc.jsonValue()),
    }),
  );
  fc.assert(
    fc.property(fc.array(anyHit), (hits) => {
      for (const { paperId, value } of storySignals(parseStories(answer(...hits)).stories, [ARXIV], ORIGIN)) {
        expect(paperId).toBe(ARXIV.paperId);
        expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
      }
    }),
  );
});
