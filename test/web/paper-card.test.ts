import { expect, test } from 'vitest';
import { readFiles } from '../../src/config/package-files.ts';
import { languagesIn } from '../../src/mail/mail-words.ts';
import { paperCard } from '../../src/web/paper-card.ts';
import { makePick } from '../support/site.ts';

const ENGLISH = languagesIn(readFiles('templates')).of('en');

test('few authors are all named, many are counted', () => {
  const named = (count: number) => {
    const card = paperCard(
      makePick({ authors: Array.from({ length: count }, (_, n) => `A${n}`) }),
      1,
      ENGLISH,
    );
    return `${card.authors} ${card.moreAuthors}`.trim();
  };
  expect(named(0)).toBe('');
  expect(named(5)).toBe('A0, A1, A2, A3, A4');
  expect(named(665)).toBe('A0, A1, A2, A3 and 661 more');
});

test('a paper without a link has a title that leads nowhere', () => {
  expect(paperCard(makePick({ links: {} }), 3, ENGLISH)).toMatchObject({ place: 3, address: '', links: [] });
});

test('a sample paper has no page of its own', () => {
  expect(paperCard(makePick(), 1, ENGLISH, true).page).toBe('');
  expect(paperCard(makePick(), 1, ENGLISH).page).toBe('/papers/arxiv:2608.00001');
});
