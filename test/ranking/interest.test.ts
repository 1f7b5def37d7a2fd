import { expect, test } from 'vitest';
import { interestKey, parseInterest } from '../../src/ranking/interest.ts';
import { isSamePerson, personName } from '../../src/ranking/names.ts';

const parsed = (...topics: string[]) => parseInterest(topics).interest;

test('reads every kind of topic', () => {
  const { interest, problems } = parseInterest([
    'cs.CL',
    'q-bio.*',
    'Diffusion  Models',
    'author: Ada Lovelace',
    'like:2510.01234v2',
    'https://arxiv.org/abs/2510.04321',
    '-Large language models',
    '-author:B. Babbage',
    '-like:2510.05678',
    '-https://arxiv.org/abs/2510.08765v2',
  ]);
  expect(problems).toEqual([]);
  expect(interest.wanted.map(({ kind, key, label }) => [kind, key, label])).toEqual([
    ['author', 'lovelace, ada', 'Ada Lovelace'],
    ['category', 'cs.cl', 'cs.CL'],
    ['category', 'q-bio', 'q-bio.*'],
    ['like', '2510.01234', '2510.01234'],
    ['like', '2510.04321', '2510.04321'],
    ['phrase', 'diffusion model', 'Diffusion Models'],
  ]);
  expect(interest.muted.map(({ kind, key }) => [kind, key])).toEqual([
    ['author', 'babbage, b'],
    ['like', '2510.05678'],
    ['like', '2510.08765'],
    ['phrase', 'large language model'],
  ]);
});

test('one interest has one key, however it is written', () => {
  const one = parsed('diffusion models', 'cs.CL', 'like:2510.01234', 'author:Lovelace, Ada');
  const other = parsed(
    'CS.CL',
    'arxiv.org/abs/2510.01234v3',
    'Diffusion-model',
    'author:Ada Lovelace',
    'cs.cl',
  );
  expect(interestKey(one)).toBe(interestKey(other));
  expect(interestKey(one)).not.toBe(interestKey(parsed('-diffusion models', 'cs.CL')));
});

test.each([
  ['like:abc', '"like:abc" names no arXiv paper, expected like:2510.01234 or a link to it'],
  ['author:', '"author:" names nobody, expected author:Ada Lovelace'],
  [
    'https://example.org/x',
    '"https://example.org/x" is a link to no arXiv paper, expected https://arxiv.org/abs/2510.01234',
  ],
  [
    'of the',
    '"of the" has no telling word, expected a category (cs.CL), words, author:Name or like:2510.01234',
  ],
  ['-like:abc', '"-like:abc" names no arXiv paper, expected like:2510.01234 or a link to it'],
])('tells what is wrong with %s', (topic, message) => {
  const { interest, problems } = parseInterest([topic]);
  expect(problems).toEqual([{ topic, message }]);
  expect(interest).toEqual({ wanted: [], muted: [] });
});

test('reads fifty topics and tells of the others', () => {
  const { interest, problems } = parseInterest(Array.from({ length: 51 }, (_, index) => `word${index}`));
  expect(interest.wanted).toHaveLength(50);
  expect(problems).toEqual([{ topic: 'word50', message: '"word50" is one too many, expected at most 50' }]);
});

test.each([
  ['Ada Lovelace', 'Lovelace, Ada', true],
  ['A. Lovelace', 'Ada King Lovelace', true],
  ['lovelace', 'Ada Lovelace', true],
  ['José Núñez Jr.', 'Jose Nunez', true],
  ['Ada Lovelace', 'Ann Lovelace', false],
  ['B. Lovelace', 'Ada Lovelace', false],
  ['Ada Lovelace', 'Ada Babbage', false],
])('%s and %s may be one person: %s', (one, other, expected) => {
  const [left, right] = [personName(one), personName(other)];
  expect(left && right && isSamePerson(left, right)).toBe(expected);
});
