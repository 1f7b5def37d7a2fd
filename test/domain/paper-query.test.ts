import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countIndexWords,
  MAX_PHRASE_WORDS,
  MAX_QUERY_WORDS,
  type PaperQuery,
  parsePaperQuery,
} from '../../src/domain/paper-query.ts';
import { RUNS } from '../support/properties.ts';

const termsOf = ({ words, phrases, authors, categories, not }: PaperQuery) =>
  Object.entries({ words, phrases, authors, categories, not }).flatMap(([field, texts]) =>
    texts.map((text) => ({ field, text })),
  );

describe('a search is bounded', () => {
  const typed = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 2000 }),
    fc.string({ unit: 'grapheme', maxLength: 2000 }),
    fc
      .array(
        fc.oneof(
          fc.constantFrom(
            '"',
            '-',
            'author:',
            'category:',
            'cs.',
            ' ',
            'a-b-c',
            'the',
            'é',
            '深',
            'न',
            'ि',
            '\u{1e900}',
          ),
          fc.string({ maxLength: 4 }),
        ),
        { maxLength: 200 },
      )
      .map((pieces) => pieces.join('')),
  );

  test('to 16 words, 8 in a phrase and each term once, whatever is typed', () => {
    fc.assert(
      fc.property(typed, (line) => {
        const terms = termsOf(parsePaperQuery(line));
        const counts = terms.map(({ text }) => countIndexWords(text));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(MAX_QUERY_WORDS);
        expect(Math.max(0, ...counts)).toBeLessThanOrEqual(MAX_PHRASE_WORDS);
        expect(counts.every((count) => count > 0)).toBe(true);
        const keys = terms.map(({ field, text }) => `${field}:${text.toLowerCase()}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 10 * RUNS },
    );
  });

  test('and says so, exactly when something was left out', () => {
    const word = fc.stringMatching(/^[a-z]{1,6}$/);
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 40 }), (words) => {
        const query = parsePaperQuery(words.join(' '));
        const line = words.join(' ').slice(0, 300);
        expect(query.words).toEqual(line.split(' ').filter(Boolean).slice(0, MAX_QUERY_WORDS));
        expect(query.cut).toBe(words.length > MAX_QUERY_WORDS || words.join(' ').length > 300);
      }),
    );
  });

  const attacks: [string, string, Partial<PaperQuery>][] = [
    ['a word sixty times with hyphens', Array(60).fill('the').join('-'), { words: ['the'], cut: false }],
    ['equal phrases', Array(16).fill('"of the"').join(' '), { phrases: ['of the'], cut: false }],
    ['one phrase in two cases', '"Of The" "of the"', { phrases: ['Of The'] }],
    ['a long phrase', `"${'abcdefghijkl'.split('').join(' ')}"`, { phrases: ['a b c d e f g h'], cut: true }],
    [
      'a long unwanted phrase, which is not used at all',
      `tide -"${'a '.repeat(20)}"`,
      { not: [], cut: true },
    ],
    [
      'many different words',
      'abcdefghijklmnopqrstuvwxyz'.split('').join('/'),
      { words: 'abcdefghijklmnop'.split(''), cut: true },
    ],
    [
      'letters that an index may not know',
      'a\u{1e900}'.repeat(50),
      { words: ['a\u{1e900}'.repeat(4)], cut: true },
    ],
  ];
  test.each(attacks)('%s', (_, line, expected) => {
    expect(parsePaperQuery(line)).toMatchObject(expected);
  });
});

describe('an ordinary search is not cut', () => {
  test.each([
    'Self-supervised learning of visual features for robots that garden at night in the rain',
    '"diffusion models" author:"Zoë Müller" cs.CL from:2026-08 -survey',
    'Größere Moleküle über Möglichkeiten für Schrödinger',
    '深度学习模型的推理 扩散模型',
  ])('%s', (line) => {
    expect(parsePaperQuery(line).cut).toBe(false);
  });
});
