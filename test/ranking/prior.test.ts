import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Paper } from '../../src/domain/paper.ts';
import { paperFeatures, priorOf } from '../../src/ranking/prior.ts';
import { rank } from '../../src/ranking/rank.ts';
import { FROZEN, makePaper } from '../support/makers.ts';

const authors = (count: number) => Array.from({ length: count }, (_, index) => `Author ${index}`);

describe('the prior', () => {
  test('expects more of a large team with code than of two authors without', () => {
    const large = makePaper({ authors: authors(30), links: { code: 'https://code.example.org/a' } });
    expect(priorOf(large)).toBeGreaterThan(priorOf(makePaper({ authors: authors(2) })));
  });

  test('takes an unknown number of authors for an average one, not for none', () => {
    const of = (count: number) => priorOf(makePaper({ authors: authors(count) }));
    expect(of(0)).toBeGreaterThan(of(1));
    expect(of(0)).toBeLessThan(of(40));
  });

  test('is the same with features that were stored, and with those of another model computed anew', () => {
    const paper = makePaper({ abstract: 'We train a large language model and release its weights.' });
    const features = paperFeatures(paper);
    expect(priorOf(paper, JSON.parse(JSON.stringify(features)))).toBeCloseTo(priorOf(paper), 3);
    expect(priorOf(paper, { ...features, text: features.text + 1 })).toBeCloseTo(priorOf(paper) + 1, 3);
    expect(priorOf(paper, { model: 'another', text: 99, vector: '' })).toBe(priorOf(paper));
  });

  test('says no more than a fixed amount, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ maxLength: 3000 }), fc.nat(5000), (title, abstract, count) => {
        expect(
          Math.abs(priorOf(makePaper({ title, abstract, authors: authors(count) }))),
        ).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe('papers of sources without votes', () => {
  const of = (id: string, change: Partial<Paper>) => makePaper({ id, aliases: [id], ...change });
  const order = (papers: readonly Paper[]) => rank(papers, FROZEN, new Set()).map(({ paper }) => paper.id);
  const journal = (id: string, count: number) =>
    of(id, { sources: ['biorxiv:neuroscience'], authors: authors(count) });
  const voted = (id: string, upvotes: number) => of(id, { sources: ['huggingface'], signals: { upvotes } });

  test('are in the order of their content', () => {
    expect(order([journal('one', 1), journal('twenty', 20), journal('five', 5)])).toEqual([
      'twenty',
      'five',
      'one',
    ]);
  });

  test('stand among voted ones: below what many chose, above what nobody did', () => {
    const papers = [
      voted('many', 60),
      voted('none', 0),
      ...[3, 5, 40].map((count) => journal(`j${count}`, count)),
    ];
    const ranked = order(papers);
    expect(ranked[0]).toBe('many');
    expect(ranked.indexOf('j40')).toBeLessThan(ranked.indexOf('none'));
  });

  test('are measured against their own source: a community of large teams is not lifted as a whole', () => {
    const large = Array.from({ length: 60 }, (_, index) =>
      of(`large${index}`, { sources: ['rss:large'], authors: authors(30 + index) }),
    );
    const small = Array.from({ length: 60 }, (_, index) =>
      of(`small${index}`, { sources: ['rss:small'], authors: authors(1 + (index % 10)) }),
    );
    const first = order([...large, ...small]).slice(0, 60);
    const share = first.filter((id) => id.startsWith('large')).length / first.length;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.75);
  });
});
