import { expect, test } from 'vitest';
import { bootstrap, measure } from '../../bench/rank/metrics.ts';
import { accuracy, pairsOf } from '../../bench/rank/readers.ts';

const log2 = Math.log2;
const rated = (...expertise: number[]) =>
  expertise.map((value) => ({ title: '', abstract: '', expertise: value }));

test('the gain of a label is log2(1 + label), discounted by its place, and a share of the best order’s', () => {
  const [ndcg] = measure([1, 0, 2], [7, 3, 0]);
  const got = log2(4) / log2(2) + log2(8) / log2(3) + log2(1) / log2(4);
  const best = log2(8) / log2(2) + log2(4) / log2(3);
  expect(ndcg).toBeCloseTo(got / best, 12);
  expect(measure([0, 1, 2], [7, 3, 0])[0]).toBe(1);
});

test('only the first ten places gain', () => {
  const labels = [...new Array<number>(10).fill(0), 5];
  const last = labels.map((_, index) => index);
  expect(measure(last, labels)[0]).toBe(0);
  expect(measure([10, ...last.slice(0, 10)], labels)[0]).toBe(1);
});

test('tau-b counts pairs in and out of order, with ties in the label alone', () => {
  expect(measure([0, 1, 2], [3, 2, 1])[1]).toBe(1);
  expect(measure([2, 1, 0], [3, 2, 1])[1]).toBe(-1);
  // Of six pairs one is tied; of the other five all, or all but one, are in order.
  expect(measure([0, 2, 1, 3], [9, 4, 4, 1])[1]).toBeCloseTo(5 / Math.sqrt(30), 12);
  expect(measure([1, 0, 2, 3], [9, 4, 4, 1])[1]).toBeCloseTo(3 / Math.sqrt(30), 12);
  expect(measure([0, 1], [4, 4])[1]).toBe(0);
});

test('of equal labels the smaller ids are among the best five', () => {
  const labels = [1, 9, 9, 9, 9, 1, 1];
  expect(measure([1, 2, 3, 4, 0, 5, 6], labels)[2]).toBe(1);
  expect(measure([1, 2, 3, 4, 5, 0, 6], labels)[2]).toBe(0.8);
});

test('an interval holds its mean, is the same each time, and is a point where nothing differs', () => {
  const values = [0.1, -0.2, 0.3, 0.05, 0];
  const { mean, low, high } = bootstrap(values);
  expect(mean).toBeCloseTo(0.05, 12);
  expect(low).toBeLessThan(mean);
  expect(high).toBeGreaterThan(mean);
  expect(bootstrap(values)).toEqual({ mean, low, high });
  expect(bootstrap([0.2, 0.2])).toEqual({ mean: 0.2, low: 0.2, high: 0.2 });
});

test('pairs of a reader with different ratings are won, lost or halved', () => {
  expect(pairsOf(rated(5, 3, 3, 1), [0.9, 0.5, 0.1, 0.5])).toEqual({ won: 3.5, all: 5 });
  expect(pairsOf(rated(2, 2), [1, 0])).toEqual({ won: 0, all: 0 });
});

test('accuracy is over all pairs, not over readers', () => {
  expect(
    accuracy([
      { won: 1, all: 1 },
      { won: 1, all: 3 },
    ]),
  ).toBe(0.5);
});
