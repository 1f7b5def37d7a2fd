import { expect, test } from 'vitest';
import { familyFirstNames, splitNames } from '../../../src/sources/text/names.ts';

test("arXiv's list is split at commas, affiliations and links left out", () => {
  expect(
    splitNames(
      '<a href="https://a.example/">Ann Made</a> (The Group, Utopia (North)), Andr&eacute; Up and C D',
    ),
  ).toEqual(['Ann Made', 'André Up', 'C D']);
  expect(splitNames('Bj\\"orn \\\'Ost, Jo Doe, III; E F')).toEqual(['Björn Óst', 'Jo Doe, III', 'E F']);
});

test('two authors of one name both stay, and long lists stay whole', () => {
  expect(splitNames('A B, A B')).toEqual(['A B', 'A B']);
  expect(splitNames(Array.from({ length: 3000 }, (_, n) => `Author N${n}`).join(', '))).toHaveLength(3000);
});

test('a list of family names and initials is several persons, groups among them', () => {
  expect(familyFirstNames(' Made, A. B., van Up, C., The Group, LI, X., Nowhere, J.-P. ')).toEqual([
    'A. B. Made',
    'C. van Up',
    'The Group',
    'X. LI',
    'J.-P. Nowhere',
  ]);
  expect(familyFirstNames('')).toEqual([]);
});
