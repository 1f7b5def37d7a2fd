import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excerptOf, firstSentences } from '../../../src/papers/excerpt/excerpt.ts';

const BACKGROUND =
  'Large lamps have become popular across a wide range of fields, and many people have studied how they shine. ';
const HARDSHIP =
  'However, existing lamps remain expensive to run, and it is unclear which of their parts are really needed. ';
const OFFER = 'We introduce Marrow, a lamp of eleven parts that follows the eyes of whoever reads.';
const DETAIL = ' Specifically, each part turns towards the page when the eyes do, and away when they close.';
const RESULT = ' Experiments on four desks show that Marrow outperforms larger lamps by 12%.';
const CODE = ' Code is available at https://lamps.example/marrow.';
const TITLE = 'Marrow: A Small Lamp That Follows the Eyes';

const excerpt = (abstract: string, title = TITLE) => excerptOf(abstract, title, 280);

describe('an excerpt', () => {
  test('says what was done and what came out, and marks what it leaves out', () => {
    expect(excerpt(BACKGROUND + HARDSHIP + OFFER + DETAIL + RESULT + CODE)).toBe(`… ${OFFER} …${RESULT}`);
  });

  test('has no mark before the first sentence, nor between neighbours', () => {
    expect(excerpt(OFFER + RESULT + DETAIL + BACKGROUND.repeat(2))).toBe(OFFER + RESULT);
  });

  test('is the whole abstract where that fits', () => {
    expect(excerpt('A lamp. A desk. A chair.')).toBe('A lamp. A desk. A chair.');
    expect(excerpt('')).toBe('');
  });

  test('never begins with "However"', () => {
    expect(excerpt('However, we show that a lamp of eleven parts is enough.')).toBe(
      '… we show that a lamp of eleven parts is enough.',
    );
    expect(
      excerpt(`${BACKGROUND}However, we show that Marrow shines longest of all.${DETAIL.repeat(2)}`),
    ).toContain('… we show that Marrow shines longest of all.');
  });

  test('leaves out the beginning of a sentence that is too long, then its end', () => {
    const long = `To address the many and very different difficulties of reading in the dark, we propose Marrow, ${'a lamp that follows the eyes, '.repeat(12)}and sleeps.`;
    const shown = excerpt(BACKGROUND + long);
    expect(shown).toMatch(/^… we propose Marrow, a lamp/);
    expect(shown).toMatch(/eyes…$/);
    expect(shown.length).toBeLessThanOrEqual(280);
  });

  test('of a structured abstract has results and conclusions, without their headings', () => {
    expect(
      excerpt(
        'BACKGROUND: Postmen walk a lot, and little is known about what this does to their knees and feet. METHODS: We ' +
          'gave 40 postmen new shoes and followed them for a year. RESULTS: Knees were better in 31 of 40 postmen. ' +
          'CONCLUSIONS: New shoes help the knees of postmen. Longer trials of shoes should follow.',
      ),
    ).toBe('… Knees were better in 31 of 40 postmen. New shoes help the knees of postmen.');
  });

  test('takes headings without colons, but not words that look like one', () => {
    const structured =
      'Background Lamps fail in many homes, and few of the known treatments have ever helped them well. Methods We ran 24 lamps on oil for a year. ' +
      'Results Oil raised light by 24 lumens (p<0.001). Conclusions Oil is a safe treatment of dim lamps in homes. Funding was given by nobody who has a lamp.';
    expect(excerpt(structured)).toContain('Oil is a safe treatment of dim lamps in homes.');
    expect(excerpt(structured)).not.toMatch(/Results|Conclusions|Background/);
    expect(
      excerpt(`${OFFER} Results show that it helps. Methods are given. ${BACKGROUND.repeat(2)}`),
    ).toContain('Results show that it helps.');
  });

  test('does not end at abbreviations, initials and numbers', () => {
    const abstract = `${BACKGROUND}Here we describe L. nigrita of the U.S. West, e.g. as Example et al. did for Marrow 2.5X, for the first time.${DETAIL.repeat(2)}`;
    expect(excerpt(abstract, 'Lithocharodes nigrita of the West')).toContain(
      'Here we describe L. nigrita of the U.S. West, e.g. as Example et al. did for Marrow 2.5X, for the first time.',
    );
  });

  test('of Chinese text has half as many characters', () => {
    expect(excerpt('我们研究一盏灯如何在黑暗中看书。'.repeat(30)).length).toBeLessThanOrEqual(140);
  });

  test('never is longer than wanted, and has no words of its own', () => {
    const sentences = fc.array(
      fc.constantFrom(
        BACKGROUND,
        HARDSHIP,
        OFFER,
        DETAIL,
        RESULT,
        CODE,
        'Results: A. ',
        'Methods: B. ',
        'However, C. ',
      ),
    );
    const texts = fc.oneof(
      sentences.map((parts) => parts.join(' ')),
      fc.string({ unit: 'grapheme' }),
      fc.lorem({ mode: 'sentences', maxCount: 12 }),
    );
    fc.assert(
      fc.property(texts, fc.integer({ min: 60, max: 400 }), (text, longest) => {
        const abstract = text.replace(/\s+/g, ' ').trim();
        const shown = excerptOf(abstract, TITLE, longest);
        expect(shown.length).toBeLessThanOrEqual(longest);
        expect(shown).not.toMatch(/^(?:… )?(?:However|But)\b/);
        // The headings of a structured abstract are in no sentence.
        const bare = abstract.replace(/(?:Results|Methods): /g, '');
        const isOwn = (piece: string) => !abstract.includes(piece) && !bare.includes(piece);
        expect(
          shown
            .split('…')
            .map((piece) => piece.trim())
            .filter(isOwn),
        ).toEqual([]);
      }),
    );
  });
});

test('a long summary keeps its first sentences', () => {
  expect(firstSentences(OFFER + RESULT + DETAIL + BACKGROUND, 200)).toBe(OFFER + RESULT);
});
