import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable, printableLine } from '../../src/domain/printable.ts';
import { RUNS } from '../support/properties.ts';
import { actingIn } from '../support/terminal.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '\x1b',
      '\x9b',
      ']0;',
      '\r',
      '\n',
      '\t',
      '\u202e',
      '\u200b',
      '\x7f',
      '\ud800',
      'é',
      '👩‍💻',
    ),
  }),
);

describe('a text for a terminal', () => {
  test('never has anything in it that a terminal acts on, whatever it was', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(actingIn(printable(given))).toEqual([]);
        expect(printable(given).isWellFormed()).toBe(true);
        expect(printableLine(given)).not.toMatch(/[\n\t]/);
        expect(actingIn(printableLine(given))).toEqual([]);
        expect(printable(printable(given))).toBe(printable(given));
      }),
      { numRuns: 4 * RUNS },
    );
  });

  test('is the same value where it is JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), text, (value, extra) => {
        const json = JSON.stringify({ value, extra }, undefined, 2);
        expect(JSON.parse(printable(json))).toEqual(JSON.parse(json));
      }),
    );
  });

  test.each([
    ['\x1b]0;owned\x07', '\\u001b]0;owned\\u0007'],
    ['\u009b2J', '\\u009b2J'],
    ['one\rtwo', 'one\\u000dtwo'],
    ['abc\u202edef\u2069', 'abc\\u202edef\\u2069'],
    ['pay\u200bpal', 'pay\\u200bpal'],
    ['\u{e0041}', '\\udb40\\udc41'],
  ])('shows what was there: %j', (given, shown) => {
    expect(printable(given)).toBe(shown);
  });

  test.each(['Zoë Müller', '深度学习', 'שלום', 'naïve 🙂', '❤️ hearts', 'two\nlines\tand a tab'])(
    'leaves %j',
    (given) => {
      expect(printable(given)).toBe(given);
    },
  );
});
