import { expect, test } from 'vitest';
import { cleanAbstract } from '../../../src/sources/text/clean-text.ts';
import { excessiveGrowth } from '../../support/growth.ts';

const BOMBS = [
  '<b>',
  '{',
  '$x',
  '\\frac{',
  '\\sqrt',
  '\\hat{',
  '<italic>',
  '<inline-formula>',
  '<alternatives><tex-math>',
  '<svg>',
  '</svg>',
  '\u0092',
  '<a b=',
  '_{',
  '``',
  '\\(',
  '&lt;',
  '<p><i>',
  '</b>',
  '\\textbf{',
  '^',
  '<sub>',
  '<mfrac>',
  '<jats:title>',
  '<msup><mi>',
  '<![CDATA[',
  '&lt;p&gt;',
  '\\"',
];

test.each(BOMBS)('an abstract of nothing but %j takes no longer than its length deserves', async (bomb) => {
  const repeated = (length: number) => bomb.repeat(length / bomb.length);
  const growth = await excessiveGrowth(
    () => cleanAbstract(repeated(100_000)),
    () => cleanAbstract(repeated(1_000_000)),
  );
  expect(growth).toBeUndefined();
});
