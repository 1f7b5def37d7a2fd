import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Paper } from '../../src/domain/paper.ts';
import { authorsLine, paperCard } from '../../src/mail/card.ts';
import { ENGLISH, makePaper } from './support.ts';

const card = (change: Partial<Paper>, reasons: string[] = []) =>
  paperCard({ paper: makePaper(change), score: 1, reasons }, ENGLISH);

test('four authors are named, of more the first three and a number', () => {
  expect(authorsLine([], ENGLISH)).toBe('');
  expect(authorsLine(['A'], ENGLISH)).toBe('A');
  expect(authorsLine(['A', 'B'], ENGLISH)).toBe('A and B');
  expect(authorsLine(['A', 'B', 'C', 'D'], ENGLISH)).toBe('A, B, C and D');
  const many = Array.from({ length: 664 }, (_, index) => `Author ${index + 1}`);
  expect(authorsLine(many, ENGLISH)).toBe('Author 1, Author 2, Author 3 and 661 others');
});

test('the excerpt says what the paper does', () => {
  const abstract =
    'Lamps have become popular in many fields of looking, and people have studied them for a long time. However, ' +
    'existing lamps remain expensive, and it is unclear which of them help. We propose Marrow, a lamp that follows the ' +
    'eyes of whoever reads. It has eleven parts that are made of bone.';
  expect(card({ abstract })).toMatchObject({
    excerpt: '… We propose Marrow, a lamp that follows the eyes of whoever reads.',
    excerptBy: '',
  });
});

test('a summary by the source stands in place of it, under its name, where it is wanted', () => {
  const pick = {
    paper: makePaper({ summary: { text: 'A lamp follows the eyes of whoever reads.', by: 'Hugging Face' } }),
    score: 1,
    reasons: [],
  };
  expect(paperCard(pick, ENGLISH)).toMatchObject({
    excerpt: 'A lamp follows the eyes of whoever reads.',
    excerptBy: 'Summary by Hugging Face',
  });
  expect(paperCard(pick, ENGLISH, 'extract').excerpt).toContain('We ask how little light a model needs.');
  expect(paperCard(pick, ENGLISH, 'extract').excerptBy).toBe('');
  expect(paperCard(pick, ENGLISH, 'off')).toMatchObject({ excerpt: '', excerptBy: '' });
});

test('an abstract that is one endless sentence is cut at a word', () => {
  const { excerpt } = card({ abstract: 'lamp after lamp '.repeat(100) });
  expect(excerpt).toMatch(/(lamp|after)…$/);
  expect(excerpt.length).toBeLessThanOrEqual(280);
});

test('only http and https links are shown, and the title leads to the first', () => {
  const shown = card({
    links: {
      abstract: 'javascript:alert(1)',
      pdf: 'data:text/html,x',
      code: 'https://code.example.org/a',
      discussion: 'not a link',
    },
  });
  expect(shown.links).toEqual([
    { label: 'Code', url: 'https://code.example.org/a', note: '1.4k', minor: false },
  ]);
  expect(shown.href).toBe('https://code.example.org/a');
  expect(card({ links: {} }).href).toBe('');
});

test('a very long link is left out beside others, and alone it is shown once', () => {
  const long = `https://lab.example/?${'&'.repeat(300)}`;
  const both = card({ links: { abstract: long, pdf: 'https://lab.example/1.pdf' } });
  expect(both.href).toBe('https://lab.example/1.pdf');
  expect(both.links.map(({ url }) => url)).toEqual(['https://lab.example/1.pdf']);
  expect(card({ links: { abstract: `${long}&`, pdf: long } })).toMatchObject({ href: long, links: [] });
  expect(card({ links: { abstract: `https://lab.example/?${'&'.repeat(500)}` } })).toMatchObject({
    href: '',
    links: [],
  });
});

test('what a feed says becomes one line of plain text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = card({ title: text, abstract: text, authors: [text], organization: text }, [text]);
      const all = [shown.title, shown.excerpt, shown.authorsLine, shown.organization, ...shown.reasons].join(
        '',
      );
      expect(all).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
      expect(all.isWellFormed()).toBe(true);
      expect(shown.title).not.toBe('');
    }),
  );
});
