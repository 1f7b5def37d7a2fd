import { expect, test } from 'vitest';
import { isNotice } from '../../../src/sources/text/notices.ts';

const is = (title: string) => isNotice({ title, abstract: '' });

test.each([
  'Issue Information',
  'Issue Information – Table of Contents',
  'Editorial Board',
  'Editorial Board/Aims and Scope',
  'Table of Contents',
  'Contents, Volume 12, 2026',
  'Front Matter',
  'MMR volume 153 issue 6 Cover and Back matter',
  'Cover Image, Volume 12, Issue 3',
  'Inside Front Cover: A glow (Made. 3/2026)',
  'Masthead',
  'IEEE Transactions on Made-up Things Publication Information',
  'Information for Authors',
  'Acknowledgement to Reviewers',
  'Correction',
  'Correction: Walking shoes and the knees of postmen',
  'Correction to: Walking shoes',
  'Correction to “Walking Shoes”',
  'Author Correction: A lamp that freezes',
  'Publisher Correction: A lamp',
  'Corrigendum to "Hats" [Made. Med. 11 (2025) 12]',
  'Erratum: Hats',
  'ERRATUM FOR: Hats',
  'A lamp that freezes (Erratum)',
  'Retraction',
  'Retraction Note: A lamp',
  'Retraction notice to "Hats and headaches" [Made. Med. 11 (2025) 12].',
  'RETRACTED: Hats and headaches.',
  'Expression of Concern: Hats',
  'Editorial Expression of Concern: Hats',
  'Reply',
  'Reply to: Hats',
  'Authors’ reply',
  'Reply to Made et al.: Hats and heads',
  'Response to Letter to the Editor',
  "RC1: 'Comment on made-2026-12', Anonymous Referee #1",
  "AC2: 'Reply on RC1', Ada Made",
])('a notice is no paper: %s', (title) => {
  expect(is(title)).toBe(true);
});

test.each([
  'Correction of refractive errors in school children',
  'Corrections to scaling in made-up magnets',
  'Correction for finite size in small boxes',
  'Error correction with few qubits',
  'Retraction of the tongue in frogs',
  'Table of contents generation with language models',
  'Covering arrays of strength three',
  'Cover crops and the winter soil',
  'Response to heat in made-up moss',
  'Response to treatment of knees in postmen',
  'Reply speed as a measure of trust',
  'The editorial boards of journals: who sits on them',
  'Contents of lead in old toys',
  'Reviewers prefer short papers',
  'Calendar effects in the prices of hats',
  'Announcements and the price of bonds',
  'Concern about moss',
  'RC circuits in the first year',
])('what is about them is a paper: %s', (title) => {
  expect(is(title)).toBe(false);
});
