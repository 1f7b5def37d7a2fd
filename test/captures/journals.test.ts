import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { agreementOf, FIELDS } from '../../bench/feed-agreement.ts';
import { decodeText } from '../../src/sources/http/charset.ts';
import { parseRss } from '../../src/sources/providers/rss.ts';

const JOURNALS = new URL('../../../shared/captures/journals/', import.meta.url);
const LEAST = { title: 0.99, link: 0.99, day: 0.98, abstract: 0.95, authors: 0.95 };
const files = existsSync(JOURNALS) ? readdirSync(JOURNALS) : [];
const read = (file: string) => decodeText(readFileSync(new URL(file, JOURNALS)), 'text/xml');

describe.skipIf(files.length === 0)('the feeds of journals', () => {
  test.each(files)('%s says what is read from it', async (file) => {
    const tally = await agreementOf(file, read(file));
    if (tally === undefined || tally.items === 0) return;
    expect(tally.lost).toBe(0);
    for (const field of FIELDS)
      expect([field, tally.wrong, tally[field] / tally.items >= LEAST[field]]).toEqual([
        field,
        tally.wrong,
        true,
      ]);
  });

  test.each(files)('%s loses no item without a word', async (file) => {
    const text = read(file);
    const given = text.match(/<(?:item|entry)[\s>]/g)?.length ?? 0;
    const {
      entries,
      problems,
      notices = 0,
    } = await parseRss(text, { source: 'x', seenAt: Date.parse('2026-11-27'), url: 'https://lab.example/' });
    expect([entries.length + notices, problems]).toEqual([given, []]);
  });
});
