import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { madeUpPapers } from '../../bench/made-up.ts';
import type { Paper } from '../../src/domain/paper.ts';
import { HOUR } from '../../src/domain/time.ts';
import { paperFeatures } from '../../src/ranking/prior.ts';
import { rank } from '../../src/ranking/rank.ts';
import { parseRss } from '../../src/sources/providers/rss.ts';
import { FROZEN, makePaper } from '../support/makers.ts';

const SIZE = 300;

const TEXTS = madeUpPapers(SIZE, 9).map(({ title, abstract, authors }) => ({
  title,
  abstract,
  authors,
  features: paperFeatures({ title, abstract }),
}));

/** A day's list of a source where nobody can vote, as a journal, bioRxiv or arXiv has it. */
function list(source: string, change: (index: number) => Partial<Paper> = () => ({})): Paper[] {
  return TEXTS.map((text, index) => {
    const id = `doi:10.1000/${String(index).padStart(3, '0')}`;
    const base = { ...text, id, aliases: [id], sources: [source], categories: ['neuroscience'] };
    return makePaper({ ...base, ...change(index) });
  });
}

const order = (papers: readonly Paper[]) => rank(papers, FROZEN, new Set());
const placeOf = (papers: readonly Paper[], id: string) =>
  order(papers).findIndex(({ paper }) => paper.id === id) + 1;

/** The paper that stands in the middle of the list when nothing is known of it but itself. */
const middle = order(list('biorxiv:neuroscience'))[SIZE / 2]?.paper as Paper;
const withSignals = (signals: Paper['signals']) =>
  list('biorxiv:neuroscience').map((paper) => (paper.id === middle.id ? { ...paper, signals } : paper));

describe('a list of 300 papers without any signal', () => {
  test('is in an order of its own, in which the first is worth a few votes at most', () => {
    const ranked = order(list('biorxiv:neuroscience'));
    expect(ranked).toHaveLength(SIZE);
    expect(ranked[0]?.score).toBeLessThan(10);
    const [first = 0, last = 0] = [ranked[0]?.score, ranked.at(-1)?.score];
    expect(first / last).toBeLessThan(Math.exp(4));
  });

  test('does not depend on the minute at which each was published or seen', () => {
    const ids = (papers: readonly Paper[]) => order(papers).map(({ paper }) => paper.id);
    const timed = (step: number) => (index: number) => ({
      publishedAt: FROZEN - 30 * HOUR + ((index * step) % 97) * 60_000,
      firstSeenAt: FROZEN - 8 * HOUR + ((index * step) % 89) * 60_000,
    });
    expect(ids(list('biorxiv:neuroscience', timed(31)))).toEqual(ids(list('biorxiv:neuroscience', timed(7))));
  });

  test('takes a collaboration of 3,000 for no more than the largest teams that were learned from', () => {
    const huge = Array.from({ length: 3000 }, (_, index) => `Member ${index}`);
    const large = Array.from({ length: 300 }, (_, index) => `Member ${index}`);
    const scoreWith = (authors: readonly string[]) =>
      order(list('arxiv:hep-ex', (index) => (index === 0 ? { authors } : {}))).find(
        ({ paper }) => paper.id === 'doi:10.1000/000',
      )?.score ?? 0;
    expect(scoreWith(huge)).toBe(scoreWith(large));
  });

  test('keeps its order when all of its papers have code', () => {
    const ids = (change: (index: number) => Partial<Paper>) =>
      order(list('rss:journal', change)).map(({ paper }) => paper.id);
    expect(ids(() => ({ links: { code: 'https://code.example.org/x' } }))).toEqual(ids(() => ({})));
  });
});

test('a retraction among 300 papers of a journal is no candidate, and the others are', async () => {
  const items = madeUpPapers(SIZE, 9).map(({ id, title }, index) => {
    const shown = index === 7 ? `Retraction Note: ${title}` : title;
    return `<item><title>${shown}</title><link>https://example.org/${id}</link><guid>${id}</guid></item>`;
  });
  const feed = `<rss version="2.0"><channel><title>A journal</title>${items.join('')}</channel></rss>`;
  const { entries, problems } = await parseRss(feed, { source: 'rss:journal', seenAt: FROZEN });
  expect(problems).toEqual([]);
  expect(entries).toHaveLength(SIZE - 1);
  expect(entries.some(({ title }) => title.startsWith('Retraction'))).toBe(false);
});

describe('one of 300 papers without votes', () => {
  test('rises with stars: ten put the middle one into the first third, a hundred among the first thirty', () => {
    expect(placeOf(withSignals({}), middle.id)).toBe(SIZE / 2 + 1);
    expect(placeOf(withSignals({ stars: 10 }), middle.id)).toBeLessThanOrEqual(SIZE / 3);
    expect(placeOf(withSignals({ stars: 100 }), middle.id)).toBeLessThanOrEqual(SIZE / 10);
  });

  test('does not lead for the stars of an old project: 100,000 are worth as much as 100', () => {
    expect(placeOf(withSignals({ stars: 100_000 }), middle.id)).toBe(
      placeOf(withSignals({ stars: 100 }), middle.id),
    );
  });

  test('leads when forty people chose it elsewhere, and not when nobody did', () => {
    expect(placeOf(withSignals({ points: 80 }), middle.id)).toBe(1);
    expect(placeOf(withSignals({ points: 0 }), middle.id)).toBeGreaterThan(SIZE / 2);
  });

  test('gains by what a list says of it: an organization, media', () => {
    const papers = (change: Partial<Paper>) =>
      list('biorxiv:neuroscience').map((paper) => (paper.id === middle.id ? { ...paper, ...change } : paper));
    const plain = placeOf(papers({}), middle.id);
    expect(placeOf(papers({ organization: 'A made-up institute' }), middle.id)).toBeLessThan(plain);
    expect(placeOf(papers({ hasMedia: true }), middle.id)).toBeLessThan(plain);
    expect(placeOf(papers({ hasMedia: false }), middle.id)).toBe(plain);
  });
});

test('beside votes the prior fades: at 40 votes it never outweighs one vote in ten', () => {
  const text = fc.record({
    title: fc.string(),
    abstract: fc.string({ maxLength: 400 }),
    authors: fc.array(fc.constant('A'), { maxLength: 60 }),
  });
  fc.assert(
    fc.property(text, text, fc.integer({ min: 40, max: 2000 }), (one, other, upvotes) => {
      const of = (id: string, change: Partial<Paper>) => makePaper({ id, aliases: [id], ...change });
      const more = Math.ceil(upvotes * 1.1);
      const ranked = order([
        of('a', { ...one, signals: { upvotes } }),
        of('b', { ...other, signals: { upvotes: more } }),
      ]);
      expect(ranked[0]?.paper.id).toBe('b');
    }),
  );
});
