import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkTopics } from '../../src/papers/topics.ts';
import { COLUMNS, csvHeader, formatSubscribers, lineReader } from '../../src/subscribers/csv.ts';
import { RUNS } from '../support/properties.ts';

const read = lineReader({ timezone: 'UTC', deliverAt: '07:00' });

/** What an attacker would put together a formula of, for one spreadsheet or another. */
const piece = fc.constantFrom(
  '=',
  '+',
  '-',
  '@',
  '＝',
  "'",
  '"',
  ';',
  ',',
  ' ',
  '\u00a0',
  '|',
  '!',
  'A0',
  "cmd|'/C calc'!A0",
  'HYPERLINK("x")',
  'é',
  'tide',
);
const hostile = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
/** As it is kept: one line, trimmed. */
const name = fc
  .oneof(hostile, fc.string({ unit: 'binary', maxLength: 40 }))
  .map((text) => text.replace(/[\p{Cc}\p{Cs}]/gu, '').trim());
const topics = fc.array(hostile, { maxLength: 5 }).map((lines) => checkTopics(lines).topics);
const subscriber = fc.record({
  email: fc.constantFrom(
    'ada@example.org',
    '=cmd@example.org',
    '+1@example.org',
    "'-x@example.org",
    '-@example.org',
  ),
  name,
  timezone: fc.constantFrom('UTC', 'Etc/GMT+5'),
  deliverAt: fc.constantFrom('07:30'),
  days: fc.constantFrom(127, 128, 21),
  topics,
  language: fc.constantFrom('', 'de', 'pt-BR'),
  picks: fc.constantFrom(null, 1, 100),
  pausedUntil: fc.constantFrom(0, Date.parse('2026-08-19T07:00:00.123Z')),
});

describe('an export of hostile names and topics', () => {
  test('reads again as what it was', () => {
    fc.assert(
      fc.property(subscriber, (kept) => {
        const [record] = parse(csvHeader() + formatSubscribers([{ ...kept, state: 'active' }]), {
          columns: true,
        }) as Record<string, string>[];
        expect(read(record ?? {})).toEqual(kept);
      }),
      { numRuns: 10 * RUNS },
    );
  });

  test('has no cell that begins a formula, wherever a spreadsheet lets cells begin', () => {
    fc.assert(
      fc.property(subscriber, (kept) => {
        const text = formatSubscribers([{ ...kept, state: 'active' }]);
        const [cells = []] = parse(text) as string[][];
        // One that splits by semicolons may begin a cell after each of them, whatever it makes of the quotes.
        for (const cell of [...cells, ...text.split(';'), ...text.split('\t')])
          expect(cell).not.toMatch(/^[\s"]*[=+\-@＝＋－＠]/);
      }),
      { numRuns: 10 * RUNS },
    );
  });

  test('is what a person can read', () => {
    const kept = {
      email: 'ada@example.org',
      name: 'Ada',
      timezone: 'UTC',
      deliverAt: '07:00',
      days: 127,
      topics: ['cs.CL', '-soup', 'diffusion models'],
      language: 'de',
      picks: 5,
      pausedUntil: Date.parse('2026-08-19T07:00:00Z'),
    };
    expect(csvHeader().trim()).toBe(COLUMNS.join(','));
    expect(formatSubscribers([{ ...kept, state: 'active' }]).trim()).toBe(
      "ada@example.org,Ada,UTC,07:00,,cs.CL; '-soup; diffusion models,active,de,5,2026-08-19T07:00:00Z",
    );
  });
});

test('an export from before topics were made safe one by one still reads the same', () => {
  const old = { email: 'ada@example.org', name: "'=1+1", topics: "'-soup;-tide;cs.CL" };
  expect(read(old)).toMatchObject({ name: '=1+1', topics: ['-soup', '-tide', 'cs.CL'] });
});
