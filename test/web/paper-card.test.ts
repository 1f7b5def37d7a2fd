import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paperCard, splitAbstract } from '../../src/web/paper-card.ts';
import { makePick } from './fake-site.ts';

test('few authors are all named, many are counted', () => {
  const named = (count: number) => {
    const card = paperCard(makePick({ authors: Array.from({ length: count }, (_, n) => `A${n}`) }), 1);
    return `${card.authors} ${card.moreAuthors}`.trim();
  };
  expect(named(0)).toBe('');
  expect(named(5)).toBe('A0, A1, A2, A3, A4');
  expect(named(665)).toBe('A0, A1, A2, A3 and 661 more');
});

test('a paper without a link has a title that leads nowhere', () => {
  expect(paperCard(makePick({ links: {} }), 3)).toMatchObject({ place: 3, address: '', links: [] });
});

test('a long abstract is cut after a whole sentence', () => {
  const sentence = 'Gardens that wait are greener than gardens that do not wait at all. ';
  const { opening, rest } = splitAbstract(sentence.repeat(8).trim());
  expect(opening).toBe(sentence.repeat(4).trim());
  expect(rest).toBe(sentence.repeat(4).trim());
});

test('an abstract of one endless sentence is cut between words', () => {
  const { opening, rest } = splitAbstract('waiting gardens '.repeat(60).trim());
  expect(opening).toMatch(/^(waiting gardens )+waiting …$|^(waiting gardens ?)+ …$/);
  expect(rest.startsWith('… ')).toBe(true);
});

test('opening and rest are always the whole abstract', () => {
  const bare = (text: string) => text.replace(/[\s…]/g, '');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 1500 }), (abstract) => {
      const { opening, rest } = splitAbstract(abstract);
      expect(bare(opening + rest)).toBe(bare(abstract));
    }),
  );
});
