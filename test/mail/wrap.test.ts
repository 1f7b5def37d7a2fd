import fc from 'fast-check';
import { expect, test } from 'vitest';
import { width, wrapText } from '../../src/mail/wrap.ts';

test('lines are at most as wide as asked, but for a single long word', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 30 })), (words) => {
      const text = words.join(' ').replace(/\s+/g, ' ').trim();
      const lines = wrapText(text, '  ', 40).split('\n');
      for (const line of lines) if (/\S\s\S/.test(line.trim())) expect(width(line)).toBeLessThanOrEqual(40);
      expect(lines.map((line) => line.trim()).join(' ')).toBe(text);
    }),
  );
});

test('what follows the first line is indented as far', () => {
  expect(wrapText('a lamp in the dark', ' 1. ', 12)).toBe(' 1. a lamp\n    in the\n    dark');
});

test('Chinese text breaks anywhere but before a closing mark', () => {
  expect(wrapText('我们需要多少光。很多', '', 14)).toBe('我们需要多少\n光。很多');
});
