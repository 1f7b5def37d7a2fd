import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Paper } from '../../src/domain/paper.ts';
import { reasonsInWords } from '../../src/domain/reason.ts';
import { HOUR } from '../../src/domain/time.ts';
import { rank } from '../../src/ranking/rank.ts';
import { type Grounds, reasonsFor } from '../../src/ranking/reasons.ts';
import { ENGLISH, GERMAN } from '../mail/support.ts';
import { FROZEN, makePaper } from '../support/makers.ts';

const reasonsOf = (change: Partial<Paper>, hours = 29, grounds: Grounds = {}, words = ENGLISH) =>
  reasonsInWords(reasonsFor(makePaper({ since: FROZEN - hours * HOUR, ...change }), FROZEN, grounds), words);

describe('the reasons of a pick', () => {
  test('say how many votes it got in which time', () => {
    expect(reasonsOf({ signals: { upvotes: 39 } })).toEqual(['39 upvotes in 29 h']);
    expect(reasonsOf({ signals: { upvotes: 1 } }, 0.2)).toEqual(['1 upvote within the hour']);
    expect(reasonsOf({ signals: { upvotes: 1424 } }, 72)).toEqual(['1,424 upvotes in 3 days']);
    expect(reasonsOf({ signals: { points: 120 } }, 5)).toEqual(['120 points on Hacker News']);
  });

  test('never count hours and days of the same age', () => {
    expect(reasonsOf({ signals: { upvotes: 9 } }, 47.9)).toEqual(['9 upvotes in 47 h']);
    expect(reasonsOf({ signals: { upvotes: 9 } }, 48)).toEqual(['9 upvotes in 2 days']);
  });

  test('say first how it compares with the papers of its day', () => {
    const among = (place: number, of: number, today = true) =>
      reasonsOf({ signals: { upvotes: 39 } }, 29, { crowd: { place, of, today } })[0];
    expect(among(1, 75)).toBe('most upvoted of 75 papers today');
    expect(among(1, 75, false)).toBe('most upvoted of 75 papers of its day');
    expect(among(2, 75)).toBe('top 3 of 75 by upvotes');
    expect(among(10, 75)).toBe('top 10 of 75 by upvotes');
    expect(among(11, 75)).toBe('39 upvotes in 29 h');
    expect(among(10, 12)).toBe('39 upvotes in 29 h');
    expect(among(1, 3)).toBe('39 upvotes in 29 h');
  });

  test('tell of growth since yesterday in place of the count, where it is more than a handful of votes', () => {
    const grown = (upvotes: number, before: number) =>
      reasonsOf({ signals: { upvotes }, earlier: { upvotes: before } });
    expect(grown(48, 12)).toEqual(['rising: 12 → 48 since yesterday']);
    expect(grown(40, 35)).toEqual(['40 upvotes in 29 h']);
    expect(grown(3, 1)).toEqual(['3 upvotes in 29 h']);
  });

  test('leave to the links what stands beside them', () => {
    const links = { code: 'https://code.example.org/lamp' };
    expect(reasonsOf({ signals: { upvotes: 5, stars: 24, comments: 3 }, links })).toEqual([
      '5 upvotes in 29 h',
    ]);
  });

  test('name the earlier pick of the same authors, and the sources', () => {
    expect(
      reasonsOf({ signals: { upvotes: 5 }, sources: ['huggingface', 'arxiv:cs.CL', 'rss:x'] }, 29, {
        group: 'Marrow: A Lamp',
      }),
    ).toEqual(['by the authors of “Marrow: A Lamp”', '5 upvotes in 29 h', 'in 3 sources']);
  });

  test('say where it is new when nobody voted, and never that something old is new', () => {
    expect(reasonsOf({})).toEqual(['new in cs.CL, 29 h ago']);
    expect(reasonsOf({ signals: { upvotes: 0 } }, 0)).toEqual(['new in cs.CL within the hour']);
    expect(reasonsOf({ categories: [] })).toEqual(['new, 29 h ago']);
    expect(reasonsOf({}, 5 * 24)).toEqual(['in cs.CL for 5 days']);
    expect(reasonsOf({ categories: [] }, 5 * 24)).toEqual(['5 days old']);
  });

  test('name the words for which a paper is expected to be read', () => {
    const words = () => ['Agents', 'Diffusion'];
    expect(reasonsOf({}, 5, { content: 0.9, words })).toEqual([
      'new in cs.CL, 5 h ago',
      'words of widely read papers: Agents, Diffusion',
    ]);
    expect(reasonsOf({}, 5, { content: 0.3, words })).toHaveLength(1);
    expect(reasonsOf({ signals: { upvotes: 5 } }, 5, { content: 0.9, words })).toHaveLength(1);
  });

  test('are said in German without a word of English', () => {
    const all = [
      ...reasonsOf({ signals: { upvotes: 48 }, earlier: { upvotes: 12 } }, 29, { group: 'X' }, GERMAN),
      ...reasonsOf({ signals: { upvotes: 5, points: 3 }, sources: ['a', 'b'] }, 60, {}, GERMAN),
      ...reasonsOf({}, 29, { content: 1, words: () => ['Y'] }, GERMAN),
    ].join(' ');
    expect(all).toContain('im Aufwind: 12 → 48 seit gestern');
    expect(all).not.toMatch(/\b(?:upvotes?|since|new|points?|words|authors|days|papers)\b/);
  });

  test('are never missing, never say a number twice, and every language can say them', () => {
    const signals = fc.record(
      { upvotes: fc.nat(), points: fc.nat(), comments: fc.nat(), stars: fc.nat() },
      { requiredKeys: [] },
    );
    const crowd = fc.record({
      place: fc.integer({ min: 1, max: 99 }),
      of: fc.constant(100),
      today: fc.boolean(),
    });
    fc.assert(
      fc.property(
        signals,
        fc.option(signals),
        crowd,
        fc.double({ min: 0, max: 300, noNaN: true }),
        (now, before, among, hours) => {
          const change = { signals: now, ...(before && { earlier: before }) };
          for (const words of [ENGLISH, GERMAN]) {
            const said = reasonsOf(change, hours, { crowd: among }, words);
            expect(said.length).toBeGreaterThan(0);
            expect(new Set(said).size).toBe(said.length);
          }
        },
      ),
    );
  });
});

test('the ranking knows the places of a day, and who wrote an earlier pick', () => {
  const authors = ['Ada Example', 'Bruno Sample', 'Chiyo Specimen', 'Dov Instance'];
  const day = Array.from({ length: 12 }, (_, index) =>
    makePaper({
      id: `arxiv:2608.000${10 + index}`,
      title: `Lamp ${index}`,
      signals: { upvotes: 100 - index },
      authors: index === 4 || index === 7 ? authors : [`Solo Author ${index}`],
    }),
  );
  const ranked = rank(day, FROZEN, new Set(['arxiv:2608.00017']));
  const said = (title: string) => {
    const found = ranked.find(({ paper }) => paper.title === title);
    return reasonsInWords(found?.reasons ?? [], ENGLISH);
  };
  expect(said('Lamp 0')[0]).toBe('most upvoted of 12 papers today');
  expect(said('Lamp 2')[0]).toBe('top 3 of 12 by upvotes');
  expect(said('Lamp 4')).toContain('by the authors of “Lamp 7”');
  expect(said('Lamp 5')).toEqual([expect.stringMatching(/^95 upvotes in/)]);
});
