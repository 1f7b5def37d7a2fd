import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RankedPaper } from '../../src/domain/paper.ts';
import { type SpreadOptions, spread } from '../../src/ranking/diversify.ts';
import { makePaper } from '../support/makers.ts';

const ranked = (id: string, score: number, category?: string, title = id): RankedPaper => ({
  paper: makePaper({ id, title, categories: category === undefined ? [] : [category] }),
  score,
  reasons: [],
});
const sameTitle: SpreadOptions['similarity'] = (one, other) => Number(one.title === other.title);
const ids = (papers: readonly RankedPaper[], change: Partial<SpreadOptions> = {}) =>
  spread(papers, { picks: 4, maxShare: 1, similarity: sameTitle, ...change }).map(({ paper }) => paper.id);

describe('spreading', () => {
  test('puts a near-duplicate behind other papers of about its score, and not behind far worse ones', () => {
    const papers = [
      ranked('a', 90, 'x', 'one'),
      ranked('twin', 80, 'x', 'one'),
      ranked('b', 40, 'x'),
      ranked('c', 5, 'x'),
    ];
    expect(ids(papers)).toEqual(['a', 'b', 'twin', 'c']);
  });

  test('leaves the order as it is where papers have nothing in common', () => {
    const papers = ['a', 'b', 'c', 'd', 'e'].map((id, index) => ranked(id, 90 - index, 'x'));
    expect(ids(papers)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('gives one category no more than its share while others are left, however low', () => {
    const many = Array.from({ length: 20 }, (_, index) => ranked(`cs${index}`, 100 - index, 'cs.CL'));
    const few = [ranked('bio', 0.1, 'q-bio'), ranked('math', 0.05, 'math.CO')];
    expect(ids([...many, ...few], { maxShare: 0.5 }).slice(0, 5)).toEqual([
      'cs0',
      'cs1',
      'bio',
      'math',
      'cs2',
    ]);
    expect(ids(many, { maxShare: 0.5 }).slice(0, 4)).toEqual(['cs0', 'cs1', 'cs2', 'cs3']);
  });

  test('does not limit papers whose category is unknown', () => {
    const papers = ['a', 'b', 'c', 'd', 'e'].map((id, index) => ranked(id, 90 - index));
    expect(ids(papers, { maxShare: 0.25 })).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

test('spreading loses and adds nothing, and keeps the share where there are enough categories', () => {
  const category = fc.constantFrom('a', 'b', 'c', 'd');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), category, fc.constantFrom('x', 'y', 'z')), {
        maxLength: 40,
      }),
      fc.integer({ min: 1, max: 12 }),
      fc.double({ min: 0.05, max: 1, noNaN: true }),
      (made, picks, maxShare) => {
        const papers = made
          .map(([score, of, title], index) => ranked(String(index), score, of, title))
          .sort((one, other) => other.score - one.score);
        const result = spread(papers, { picks, maxShare, similarity: sameTitle });
        expect(new Set(result)).toEqual(new Set(papers));
        expect(result).toHaveLength(papers.length);
        const room = Math.max(1, Math.ceil(picks * maxShare));
        const left = new Set(result.slice(picks).map(({ paper }) => paper.categories[0]));
        const counts = Map.groupBy(result.slice(0, picks), ({ paper }) => paper.categories[0] ?? '');
        for (const [name, some] of counts)
          if (some.length > room)
            expect(
              [...left].filter((other) => other !== name && (counts.get(other ?? '')?.length ?? 0) < room),
            ).toEqual([]);
      },
    ),
  );
});
