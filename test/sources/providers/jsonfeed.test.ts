import { describe, expect, test } from 'vitest';
import { jsonfeed, parseJsonFeed } from '../../../src/sources/providers/jsonfeed.ts';
import { answering } from '../../support/read.ts';

const seenAt = Date.parse('2026-01-06T00:00:00Z');
const origin = {
  source: 'jsonfeed:https://lab.example/feed.json',
  seenAt,
  url: 'https://lab.example/feed.json',
};

function feed(...items: unknown[]): string {
  return JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'The lab', items });
}

describe('a JSON Feed', () => {
  test('gives what an item says', () => {
    const item = {
      id: 'urn:1',
      url: '/papers/1',
      external_url: 'https://doi.org/10.5555/A',
      title: 'R&amp;D of <b>mice</b>',
      content_html: '<p>One</p><p>two</p>',
      date_published: '2026-01-04T23:30:00-05:00',
      authors: [{ name: 'Ada Example', url: 'https://lab.example/ada' }, 'Bruno', {}],
      tags: ['biology', 7, 'biology'],
    };
    expect(parseJsonFeed(feed(item), origin)).toEqual({
      entries: [
        {
          source: origin.source,
          key: 'urn:1',
          ids: { doi: '10.5555/a' },
          title: 'R&D of mice',
          abstract: 'One two',
          authors: ['Ada Example'],
          links: { abstract: 'https://lab.example/papers/1' },
          categories: ['biology'],
          listedOn: '2026-01-04',
          publishedAt: Date.parse('2026-01-05T04:30:00Z'),
          signals: [],
        },
      ],
      problems: [],
    });
  });

  test('is read in version 1.0 too: one author, an id that is a number, an address as id', () => {
    const { entries } = parseJsonFeed(
      feed(
        {
          id: 7,
          url: 'https://lab.example/7',
          title: 'A',
          author: { name: 'Ada Example' },
          summary: 'S',
          content_text: 'C',
        },
        { id: 'https://huggingface.co/papers/2601.99001', title: 'B', content_text: 'C' },
      ),
      origin,
    );
    expect(entries).toMatchObject([
      { key: '7', authors: ['Ada Example'], abstract: 'S' },
      {
        ids: { arxiv: '2601.99001' },
        abstract: 'C',
        links: { abstract: 'https://huggingface.co/papers/2601.99001' },
      },
    ]);
  });

  test('has the authors of the feed where an item names none, and no address of mail', () => {
    const item = (id: string, more: object) => ({ id, url: `/${id}`, title: `Paper ${id}`, ...more });
    const items = [item('1', {}), item('2', { authors: [{ name: 'Up, Bo' }, { name: 'bo@lab.example' }] })];
    const json = JSON.stringify({ title: 'The lab', authors: [{ name: 'Ada Made' }], items });
    expect(parseJsonFeed(json, origin).entries.map(({ authors }) => authors)).toEqual([
      ['Ada Made'],
      ['Bo Up'],
    ]);
  });

  test('tells of dates that it could not read', () => {
    const { problems } = parseJsonFeed(
      feed({ id: '1', url: '/1', title: 'A', date_published: 'last week' }),
      origin,
    );
    expect(problems).toEqual([
      'the date of 1 item could not be read with certainty, for example "last week"',
    ]);
  });

  test('tells items apart that share an id or have none, the same way every time', () => {
    const json = feed(
      { id: 'x', url: 'https://lab.example/1', title: 'One' },
      { id: 'x', url: 'https://lab.example/2', title: 'Two' },
      { url: 'https://lab.example/s', title: 'Three' },
      { url: 'https://lab.example/s', title: 'Four' },
    );
    const keys = parseJsonFeed(json, origin).entries.map(({ key }) => key);
    expect(keys.slice(0, 2)).toEqual(['https://lab.example/1', 'https://lab.example/2']);
    expect(new Set(keys).size).toBe(4);
    expect(parseJsonFeed(json, origin).entries.map(({ key }) => key)).toEqual(keys);
  });

  test('reads what it can of hostile items and says what it cannot', () => {
    const { entries, problems } = parseJsonFeed(
      feed(
        'x',
        null,
        { id: '1', title: 'a', url: 'javascript:alert(1)', external_url: 'data:text/html,x' },
        { id: '2', title: ' \u200b ', url: 'https://lab.example/2' },
        {
          id: '3',
          title: 'Subject\r\nBcc: x@example.org',
          url: 'https://lab.example/3',
          date_published: '2099-01-01T00:00:00Z',
        },
        {
          id: '4',
          title: 'x'.repeat(1_000_000),
          url: 'https://lab.example/4',
          authors: 'me',
          tags: 'x',
          date_published: 0,
        },
      ),
      origin,
    );
    expect(problems).toEqual([
      'item 1: expected an object',
      'item 2: expected an object',
      'item 3: no http or https link (a)',
      'item 4: no title (https://lab.example/2)',
    ]);
    expect(entries.map(({ title, listedOn }) => [title.slice(0, 30), listedOn])).toEqual([
      ['Subject Bcc: x@example.org', undefined],
      ['x'.repeat(30), undefined],
    ]);
  });

  test('is asked at its own address, and links are relative to where it came from', async () => {
    const { asked, ...ask } = answering(feed({ id: '1', title: 'A', url: '../1' }));
    const spec = { name: 'x', kind: 'jsonfeed', argument: 'https://lab.example/a/feed.json' } as const;
    const { entries } = await jsonfeed({ spec, ...ask, clock: () => seenAt, days: [] });
    expect(asked).toEqual(['https://lab.example/a/feed.json']);
    expect(entries[0]?.links.abstract).toBe('https://lab.example/1');
  });
});
