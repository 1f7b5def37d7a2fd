import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalized, withoutNoncharacters, withoutNonXml } from '../../src/domain/unicode.ts';

const MARKS = ['\u0301', '\u0316', '\u05b0', '\u093c', '\u3099', '\u20dd'];
const letters = fc.string({ unit: 'grapheme' });
const marked = fc.tuple(
  letters,
  fc.array(fc.constantFrom(...MARKS), { maxLength: 10 }).map((marks) => marks.join('')),
);

test('normalising a text without excessive marks is what JavaScript does', () => {
  fc.assert(
    fc.property(fc.array(marked), fc.constantFrom('NFC' as const, 'NFKD' as const), (pieces, form) => {
      const text = pieces.map(([letter, marks]) => `${letter}a${marks}.`).join('');
      expect(normalized(text, form)).toBe(text.normalize(form));
    }),
  );
});

test('of a run of marks ten are kept, whatever their classes', () => {
  expect(normalized(`a${'\u0301\u0316'.repeat(50_000)}b`, 'NFKD')).toBe(
    `a${'\u0316'.repeat(5)}${'\u0301'.repeat(5)}b`,
  );
});

test('a text without noncharacters has none, and everything else', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.nat(16),
      fc.constantFrom(0xfffe, 0xffff),
      (text, plane, last) => {
        const given = `${text}${String.fromCodePoint(plane * 0x10000 + last)}\ufdd0${text}`;
        expect(withoutNoncharacters(given)).toBe(given.replace(/\p{Noncharacter_Code_Point}/gu, ''));
      },
    ),
  );
});

test('what XML cannot hold is left out, and everything else stays', () => {
  expect(withoutNonXml('a\0b\u0008\ufffe\uffff\ud83dc\u0085\t\n\ud83d\ude00')).toBe(
    'abc\u0085\t\n\ud83d\ude00',
  );
});
