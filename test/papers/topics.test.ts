import { expect, onTestFinished, test, vi } from 'vitest';
import { checkTopics } from '../../src/papers/topics.ts';

test('topics are kept as they will be read: links as ids, nothing twice', () => {
  const typed = [
    'cs.CL',
    ' diffusion  models ',
    'https://arxiv.org/abs/2510.01234v2',
    'like: 2510.01234',
    '-crypto',
  ];
  const { topics, problems } = checkTopics([...typed, 'Author: Ada Lovelace', 'Diffusion models']);
  expect(problems).toEqual([]);
  expect(topics.toSorted()).toEqual(
    ['-crypto', 'author:Ada Lovelace', 'cs.CL', 'Diffusion models', 'like:2510.01234'].toSorted(),
  );
  expect(checkTopics(topics).topics).toEqual(topics);
});

test('a bad topic is told with what was expected, and the others stay', () => {
  const { topics, problems } = checkTopics(['cs.CL', 'like:nothing', 'author:', '…']);
  expect(topics).toEqual(['cs.CL']);
  expect(problems).toHaveLength(3);
  expect(problems[0]).toContain('like:2510.01234');
});

test('however much is typed, no more is read than a reader may have, and no more comes of it', () => {
  const many = checkTopics(Array.from({ length: 30_000 }, (_, index) => `topic ${index}`));
  expect(many.topics).toHaveLength(50);
  expect(many.problems).toEqual(['More than 50 are too many to follow.']);
  const twice = Array.from({ length: 60 }, (_, index) => `topic ${index % 40}`);
  expect(checkTopics(twice)).toMatchObject({ problems: [] });
});

test('the length of a line comes before any work on it', () => {
  const normalize = vi.spyOn(String.prototype, 'normalize');
  onTestFinished(() => normalize.mockRestore());
  const marks = '\u0301\u0316'.repeat(15_000);
  const { topics, problems } = checkTopics([marks, `-${marks}`, `author:${marks}`, 'lamps']);
  expect(topics).toEqual(['lamps']);
  expect(problems).toHaveLength(3);
  for (const text of normalize.mock.contexts) expect(String(text).length).toBeLessThanOrEqual(102);
  expect(checkTopics([`-${'x'.repeat(100)}`]).problems).toEqual([]);
});
