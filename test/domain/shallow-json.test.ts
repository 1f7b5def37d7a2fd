import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseShallowJson } from '../../src/domain/shallow-json.ts';

test('JSON that is not nested too deeply is read as it stands, brackets in its texts included', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      expect(parseShallowJson(JSON.stringify(value), 20)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(parseShallowJson(`"${'['.repeat(500)}"`, 0)).toBe('['.repeat(500));
  expect(parseShallowJson('"\\"[[["', 0)).toBe('"[[[');
});

test('what is nested more deeply is nothing, however deep it goes', () => {
  expect(parseShallowJson('[[1]]', 2)).toEqual([[1]]);
  expect(parseShallowJson('[[[1]]]', 2)).toBeUndefined();
  expect(parseShallowJson(`${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`, 20)).toBeUndefined();
  expect(parseShallowJson('['.repeat(60_000), 20)).toBeUndefined();
});

test('what is no JSON is nothing, and no error', () => {
  for (const text of ['', '{', ']', '}{', 'undefined', '"', '{"a":1,}'])
    expect(parseShallowJson(text, 20)).toBeUndefined();
});
