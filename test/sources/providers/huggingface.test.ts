import { describe, expect, test } from 'vitest';
import { parseHuggingFace } from '../../../src/sources/providers/huggingface.ts';

const seenAt = Date.parse('2026-01-06T05:00:00Z');
const origin = { source: 'huggingface', seenAt };
const DAY = '2026-01-05';

function listed(paper: object, more: object = {}): object {
  return { paper: { id: '2601.99001', title: 'A made-up paper', ...paper }, numComments: 2, ...more };
}

const parse = (...items: unknown[]) => parseHuggingFace(JSON.stringify(items), DAY, origin);

describe("a day's list", () => {
  test('gives a paper with its links, organisation and what the crowd says', () => {
    const { entries, problems } = parse(
      listed(
        {
          id: '2601.99001v2',
          title: 'Two\nlines  of <think>',
          summary: 'R\\&D <b>bold</b>',
          authors: [{ name: 'A B' }, null, { name: 'C D', hidden: true }, 7],
          publishedAt: '2026-01-04T10:00:00.000Z',
          submittedOnDailyAt: '2026-01-05T02:40:51.791Z',
          upvotes: 0,
          githubRepo: 'https://github.com/a/b',
          githubStars: 24,
          projectPage: 'javascript:alert(1)',
          ai_summary: 'A made-up\n<b>summary</b>.',
        },
        { upvotes: 99, organization: { name: 'lab', fullname: 'The Lab' } },
      ),
    );
    expect(problems).toEqual([]);
    expect(entries).toEqual([
      {
        source: 'huggingface',
        key: '2601.99001',
        ids: { arxiv: '2601.99001' },
        title: 'Two lines of <think>',
        abstract: 'R&D bold',
        summary: { text: 'A made-up summary.', by: 'Hugging Face' },
        authors: ['A B', 'C D'],
        links: {
          abstract: 'https://arxiv.org/abs/2601.99001',
          pdf: 'https://arxiv.org/pdf/2601.99001',
          code: 'https://github.com/a/b',
          discussion: 'https://huggingface.co/papers/2601.99001',
        },
        categories: [],
        organization: 'The Lab',
        listedOn: '2026-01-05',
        listedAt: Date.parse('2026-01-05T02:40:51.791Z'),
        publishedAt: Date.parse('2026-01-04T10:00:00Z'),
        signals: [
          { name: 'upvotes', value: 0, seenAt },
          { name: 'comments', value: 2, seenAt },
          { name: 'stars', value: 24, seenAt },
        ],
      },
    ]);
  });

  test('says whether its authors put up pictures or films, where the list does', () => {
    const hasMedia = (mediaUrls?: unknown) => parse(listed({ mediaUrls })).entries[0]?.hasMedia;
    expect(hasMedia(['https://example.org/film.mp4'])).toBe(true);
    expect(hasMedia([])).toBe(false);
    expect(hasMedia()).toBeUndefined();
    expect(hasMedia('film')).toBeUndefined();
  });

  test('has the moment of the listing where there is one, and not the paper’s own date in its place', () => {
    const publishedAt = '2026-01-04T10:00:00.000Z';
    const listedAt = (submittedOnDailyAt: string) =>
      parse(listed({ publishedAt, submittedOnDailyAt })).entries[0]?.listedAt;
    expect(listedAt('2026-01-05T02:40:51.791Z')).toBe(Date.parse('2026-01-05T02:40:51.791Z'));
    expect(listedAt('2026-01-05T00:00:00.000Z')).toBeUndefined();
    expect(listedAt('2026-01-05')).toBeUndefined();
    expect(listedAt('2026-01-04T06:00:00.000Z')).toBeUndefined();
  });

  test('takes votes that are missing or no number as unknown, wherever else a number stands', () => {
    for (const upvotes of [undefined, null, '12', -1, 1.5, {}]) {
      const { entries } = parse(listed({ upvotes }, { upvotes: 99, numComments: 'many' }));
      expect(entries[0]?.signals).toEqual([]);
    }
  });

  test('takes the day that was asked for where the paper names none that can be', () => {
    for (const submittedOnDailyAt of [undefined, 5, 'soon', '1970-01-01T00:00:00Z', '2099-01-01T00:00:00Z']) {
      expect(parse(listed({ submittedOnDailyAt })).entries[0]?.listedOn).toBe(DAY);
    }
    expect(parse(listed({ submittedOnDailyAt: '2026-01-02T00:00:00.000Z' })).entries[0]?.listedOn).toBe(
      '2026-01-02',
    );
  });

  test('takes no publication that lies after the listing', () => {
    expect(parse(listed({ publishedAt: '2026-01-07T00:00:00Z' })).entries[0]).not.toHaveProperty(
      'publishedAt',
    );
    expect(parse(listed({ publishedAt: '2026-01-06T23:00:00Z' })).entries[0]).toHaveProperty('publishedAt');
  });

  test('tells of the papers it cannot read, and reads the others', () => {
    const { entries, problems } = parse(
      7,
      'text',
      null,
      {},
      listed({ id: 5 }),
      listed({ title: ' ' }),
      listed({}),
    );
    expect(entries).toHaveLength(1);
    expect(problems).toHaveLength(6);
    expect(problems[0]).toBe('item 1: expected a paper with an id');
    expect(problems[5]).toBe('item 6: 2601.99001 has no title');
  });

  test('keeps the first of two papers with one id', () => {
    const { entries } = parse(listed({ title: 'First' }), listed({ title: 'Second' }));
    expect(entries.map(({ title }) => title)).toEqual(['First']);
  });

  test('is quiet on a day without papers', () => {
    expect(parse()).toEqual({ entries: [], problems: [] });
    expect(parseHuggingFace('{"status":"no_data","message":"none"}', DAY, origin).problems).toEqual([]);
  });

  const wrong: [json: string, reason: string][] = [
    ['{"error":"Date\\nis bad"}', 'expected a list of papers, got an object: Date is bad'],
    ['{}', 'expected a list of papers, got an object'],
    ['5', 'expected a list of papers, got a number'],
    ['null', 'expected a list of papers, got null'],
    ['<html>', 'expected a list of papers, got what is not JSON'],
  ];
  for (const [json, reason] of wrong) {
    test(`is refused where it is ${json}`, () => {
      expect(() => parseHuggingFace(json, DAY, origin)).toThrow(reason);
    });
  }
});
