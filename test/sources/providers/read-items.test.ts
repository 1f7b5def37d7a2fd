import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { MOST_ITEMS, readItems } from '../../../src/sources/providers/read-items.ts';
import { makeEntry } from '../../support/makers.ts';

/** An entry for each number, with what the test says of it. */
function read(count: number, change: (index: number) => Partial<Entry>) {
  const items = Array.from({ length: count }, (_, index) => index);
  return readItems(items, (index) => makeEntry({ key: String(index), ids: {}, ...change(index) }));
}

describe('a list of items is read up to its limits, and what is left out is told', () => {
  test('the number of items', () => {
    const { entries, problems } = read(MOST_ITEMS + 1, () => ({}));
    expect(entries).toHaveLength(MOST_ITEMS);
    expect(problems).toEqual(['only the first 5000 of 5001 items were read']);
    expect(read(MOST_ITEMS, () => ({})).problems).toEqual([]);
  });

  test('their text in all', () => {
    const { entries, problems } = read(2000, () => ({ abstract: 'a'.repeat(10_000) }));
    expect(entries.length).toBeGreaterThan(1000);
    expect(entries.length).toBeLessThan(1200);
    expect(problems).toEqual([`only the first ${entries.length} of 2000 items were read`]);
  });

  test('the items about one paper', () => {
    const doi = '10.9999/one';
    const { entries, problems } = read(50, (index) => ({ title: `Title ${index}`, ids: { doi } }));
    expect(entries).toHaveLength(10);
    expect(problems).toHaveLength(40);
    expect(problems[0]).toBe('item 11: more than 10 items are about doi:10.9999/one');
  });

  test('the authors of an item, by their number and by their bytes', () => {
    const authors = Array.from({ length: 7000 }, (_, index) => `A. N${index}`);
    const many = read(1, () => ({ authors }));
    expect(many.entries[0]?.authors).toEqual(authors.slice(0, 6000));
    expect(many.problems).toEqual(['item 1: only the first 6000 authors were kept (0)']);
    const long = read(1, () => ({ authors: authors.map(() => 'Я'.repeat(190)) }));
    expect(long.entries[0]?.authors).toHaveLength(263);
    expect(long.problems).toEqual(['item 1: only the first 263 authors were kept (0)']);
    expect(read(1, () => ({ authors: authors.slice(0, 5154) })).problems).toEqual([]);
  });

  test('the problems themselves', () => {
    const items = Array.from({ length: 3000 }, (_, index) => index);
    const { problems } = readItems(items, () => 'no title');
    expect(problems).toHaveLength(101);
    expect(problems.slice(-2)).toEqual(['item 100: no title', 'and 2900 more items with problems']);
  });
});
