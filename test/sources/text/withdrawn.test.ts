import { describe, expect, test } from 'vitest';
import { isWithdrawn } from '../../../src/sources/text/withdrawn.ts';

const whole = { title: 'A made-up paper', abstract: 'We made it up.' };

describe('a paper is withdrawn', () => {
  test.each([
    'WITHDRAWN: Made-up mice',
    'Withdrawn Article: Mice',
    '[RETRACTED] Mice',
    'Made-up mice (withdrawn)',
  ])('by its title: %s', (title) => expect(isWithdrawn({ ...whole, title })).toBe(true));

  test.each([
    'This paper has been withdrawn by the author due to an error in Lemma 2.',
    'This submission was withdrawn by arXiv administrators.',
    'This paper has been withdrawn from arXiv.',
    'Withdrawn by the author(s).',
    'Paper withdrawn by the authors',
    'Withdrawn.',
    'The authors have withdrawn this manuscript owing to a mix-up of samples.',
    'medRxiv has withdrawn this preprint because of a dispute.',
    'This article has been withdrawn at the request of the author(s) and/or editor.',
  ])('by its abstract: %s', (abstract) => expect(isWithdrawn({ ...whole, abstract })).toBe(true));

  test.each([
    'This paper has been withdrawn',
    'Withdrawn due to a crucial error in equation 3',
    '12 pages, 3 figures. This paper has been withdrawn by the author',
    'Paper withdrawn; the proof has a gap',
    'temporarily withdrawn for revision',
  ])('by its comment: %s', (comment) => expect(isWithdrawn({ ...whole, comment })).toBe(true));
});

describe('a paper is not withdrawn that is about', () => {
  test.each([
    'Withdrawn drugs and their afterlife',
    'Why papers are retracted',
    'Retracted: not again, a survey of retracted'.slice(11),
  ])('its title: %s', (title) => expect(isWithdrawn({ ...whole, title })).toBe(false));

  test.each([
    'Withdrawn drugs are a source of lessons. Many were withdrawn by the authorities.',
    'Drugs withdrawn from the market return.',
    'Troglitazone was withdrawn in 2000. This paper asks why it has been withdrawn by the manufacturer.',
    'We study how often a paper is retracted by its authors. Many articles withdrawn by the author are still cited.',
    'This paper was withdrawn from one conference and won at another: a tale.',
    'Alcohol-withdrawn mice dream.',
    'The participants were withdrawn.',
  ])('its abstract: %s', (abstract) => expect(isWithdrawn({ ...whole, abstract })).toBe(false));

  test.each([
    'Replaces the withdrawn submission arXiv:2601.99001',
    'This paper was withdrawn from a workshop and extended',
    'v1 was withdrawn by the authors; this version is corrected',
    'Accepted at the Journal of Withdrawn Drugs',
  ])('its comment: %s', (comment) => expect(isWithdrawn({ ...whole, comment })).toBe(false));
});
