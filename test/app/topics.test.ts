import { expect, test } from 'vitest';
import { checkTopics } from '../../src/app/topics.ts';

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
