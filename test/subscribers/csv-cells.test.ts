import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCells } from '../../src/subscribers/csv-cells.ts';
import { type BadLine, csvRecords } from '../../src/subscribers/csv-records.ts';

async function* batches(lines: readonly string[]) {
  for (const line of lines) yield [line];
}

async function readAll(lines: readonly string[]) {
  const bad: BadLine[] = [];
  const records = await Array.fromAsync(csvRecords(batches(lines), ',', (one) => bad.push(one)));
  return { bad, records };
}

describe('a record of CSV', () => {
  test('is read as a library reads it, whatever is in its cells', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', '<', '>', 'é') });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const text = stringify(
          given.map((cells) => ['x', ...cells]),
          { quoted: true },
        );
        const { bad, records } = await readAll(text.split('\n'));
        expect(bad).toEqual([]);
        expect(records.map(({ cells }) => cells)).toEqual(parse(text, { relax_column_count: true }));
      }),
    );
  });

  test.each([
    ['a,"b, c" ,d', ['a', 'b, c', 'd']],
    ['"a ""b"" c", "d"', ['a "b" c', 'd']],
    ['"Berg, Bo" <bo@example.org>,Bo', ['"Berg, Bo" <bo@example.org>', 'Bo']],
    ['', ['']],
    ['a,"b', 'open'],
    ['a,b"c', 'broken'],
    ['a,"b"c', 'broken'],
  ])('%s', (text, expected) => expect(readCells(text, ',')).toEqual(expected));

  test('may have tabs between its cells, some of them empty', () => {
    expect(readCells('a\t\t "b"\t', '\t')).toEqual(['a', '', 'b', '']);
  });
});

describe('a quote that is not closed', () => {
  test('costs its line, wherever the next quotes stand', async () => {
    const good = fc.constantFrom('c,3', '"d","4"', 'e,"five, or more"', 'f,""', 'g,"a ""b"""');
    const broken = fc.constantFrom('"x,1', 'x,"1', 'x,1"2', '"x"y,1', '"x" "y",1');
    await fc.assert(
      fc.asyncProperty(
        fc.array(good),
        broken,
        fc.array(good, { minLength: 1 }),
        async (before, wrong, after) => {
          const { bad, records } = await readAll(['a,b', ...before, wrong, ...after]);
          expect(bad.map(({ line }) => line)).toEqual([before.length + 2]);
          expect(records).toHaveLength(1 + before.length + after.length);
        },
      ),
    );
  });

  test('lets nothing of its own cell in as a line of the list', async () => {
    const lines = [
      'email,name,notes',
      'a@x.example,A,"she said "hi",',
      'boss@y.example, too',
      'b@x.example,B,ok',
    ];
    const { bad, records } = await readAll(lines);
    expect(bad.map(({ line }) => line)).toEqual([2, 3]);
    expect(records.map(({ cells }) => cells[0])).toEqual(['email', 'b@x.example']);
  });

  test('is looked for in a bounded part of the file', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `r${index},x`);
    const { bad, records } = await readAll(['a,b', 'c,"d', ...lines]);
    expect(bad).toEqual([{ line: 2, problem: 'a quote is not closed' }]);
    expect(records).toHaveLength(5001);
  });
});
