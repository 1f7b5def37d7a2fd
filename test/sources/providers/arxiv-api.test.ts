import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { Unchanged } from '../../../src/sources/http/politeness.ts';
import { arxiv } from '../../../src/sources/providers/arxiv.ts';
import { enrich, parseArxivApi } from '../../../src/sources/providers/arxiv-api.ts';
import { FeedUnreadable } from '../../../src/sources/providers/feed-elements.ts';
import { parseHere } from '../../../src/sources/providers/parsers.ts';
import { movingClock, NO_LIMIT } from '../../support/clock.ts';
import { arxivRss } from '../../support/feeds.ts';
import { answering } from '../../support/read.ts';

function known(id: string, comment = '12 pages'): string {
  return `<entry><id>http://arxiv.org/abs/${id}v2</id><title>Made-up work</title>
    <updated>2026-01-05T08:18:33Z</updated><summary>  We make\n it up. </summary><published>2026-01-05T08:18:33Z</published>
    <category term="cs.AI" scheme="http://arxiv.org/schemas/atom"/><category term="cs.LG"/><arxiv:primary_category term="cs.LG"/>
    <arxiv:comment>${comment}</arxiv:comment><arxiv:doi>10.5555/X.${id}</arxiv:doi>
    <author><name>Ada Example</name><arxiv:affiliation>Nowhere</arxiv:affiliation></author><author><name>Bruno Sample</name></author></entry>`;
}

function atom(...entries: string[]): string {
  return `<?xml version='1.0' encoding='UTF-8'?><feed xmlns:arxiv="http://arxiv.org/schemas/atom"
    xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id><title>arXiv Query</title>${entries.join('')}</feed>`;
}

function entry(id: string, change: Partial<Entry> = {}): Entry {
  const links = { abstract: `https://arxiv.org/abs/${id}` };
  const lacking = { abstract: '', authors: [], categories: ['cs.AI'], signals: [], links };
  return { source: 'arxiv:cs.AI', key: id, ids: { arxiv: id }, title: 'Made-up work', ...lacking, ...change };
}

describe("an answer of arXiv's API", () => {
  test('gives the details of each paper, by its id without version, old ids too', () => {
    const details = new Map(parseArxivApi(atom(known('2601.99001'), known('hep-ex/0601001'))).details);
    expect([...details.keys()]).toEqual(['2601.99001', 'hep-ex/0601001']);
    expect(details.get('2601.99001')).toEqual({
      title: 'Made-up work',
      abstract: 'We make it up.',
      authors: ['Ada Example', 'Bruno Sample'],
      categories: ['cs.LG', 'cs.AI'],
      doi: '10.5555/x.2601.99001',
      comment: '12 pages',
    });
    expect(parseArxivApi(atom()).details).toEqual([]);
  });

  test('is a failure when it is the entry named Error, plain words or HTML', () => {
    const error =
      '<entry><id>http://arxiv.org/api/errors#bad_id</id><title>Error</title><summary>incorrect id format for 1</summary></entry>';
    expect(() => parseArxivApi(atom(error))).toThrow(/got an error: incorrect id format for 1/);
    for (const text of ['Rate exceeded.', '<html></html>'])
      expect(() => parseArxivApi(text)).toThrow(FeedUnreadable);
  });
});

describe('entries that lack authors or abstract', () => {
  test('are completed, and keep what they have', async () => {
    const { asked, ...ask } = answering(atom(known('2601.99001'), known('2601.99002')));
    const entries = [
      entry('2601.99001'),
      entry('2601.99002', { authors: ['C D'], ids: { arxiv: '2601.99002', doi: '10.5555/own' } }),
      entry('2601.99003', { authors: ['E F'], abstract: 'Whole.' }),
    ];
    const { entries: whole, problems } = await enrich(entries, ask);
    expect(asked).toEqual([
      'https://export.arxiv.org/api/query?id_list=2601.99001,2601.99002&max_results=100',
    ]);
    expect(problems).toEqual([]);
    expect(whole[0]).toMatchObject({
      ids: { arxiv: '2601.99001', doi: '10.5555/x.2601.99001' },
      abstract: 'We make it up.',
      authors: ['Ada Example', 'Bruno Sample'],
      categories: ['cs.LG', 'cs.AI'],
    });
    expect(whole[1]).toMatchObject({
      ids: { doi: '10.5555/own' },
      authors: ['C D'],
      abstract: 'We make it up.',
    });
    expect(whole[2]).toEqual(entries[2]);
  });

  test('are asked for a hundred at a time', async () => {
    const { asked, ...ask } = answering(atom());
    const entries = Array.from({ length: 250 }, (_, n) => entry(`2601.${String(n).padStart(5, '0')}`));
    expect((await enrich(entries, ask, 'http://127.0.0.1:9000')).entries).toEqual(entries);
    expect(asked.map((url) => url.split(',').length)).toEqual([100, 100, 50]);
    expect(asked[0]).toMatch(/^http:\/\/127\.0\.0\.1:9000\/api\/query\?id_list=/);
  });

  test('are left out when their comment says that they are withdrawn', async () => {
    const { asked: _, ...ask } = answering(
      atom(known('2601.99001', 'This paper has been withdrawn by the author')),
    );
    expect(await enrich([entry('2601.99001')], ask)).toEqual({ entries: [], problems: [] });
  });

  test('stay as they were when the API fails, which is one problem, and is not asked again', async () => {
    const { asked, ...ask } = answering('Rate exceeded.');
    const entries = Array.from({ length: 150 }, (_, n) => entry(`2601.${String(n).padStart(5, '0')}`));
    const { entries: same, problems } = await enrich(entries, ask);
    expect(same).toEqual(entries);
    expect(problems).toEqual([
      expect.stringMatching(/^arXiv's API: expected RSS or Atom, got "Rate exceeded/),
    ]);
    expect(asked).toHaveLength(1);
  });

  test('stay as they were when the API does not end', async () => {
    const time = movingClock(0);
    const never = () => {
      time.advance(10);
      return new Promise<never>(() => {});
    };
    const { entries, problems } = await enrich(
      [entry('2601.99001')],
      { read: never, parse: parseHere, after: time.after },
      'http://127.0.0.1:9000',
      10,
    );
    expect(entries).toEqual([entry('2601.99001')]);
    expect(problems).toEqual(["arXiv's API: no end after 0.01 s"]);
  });

  test('stay as they were when the API has nothing newer', async () => {
    const unchanged = () => Promise.reject(new Unchanged('x'));
    expect(
      await enrich([entry('2601.99001')], { read: unchanged, parse: parseHere, after: NO_LIMIT }),
    ).toEqual({
      entries: [entry('2601.99001')],
      problems: [],
    });
  });
});

describe('an arXiv source', () => {
  const spec = {
    name: 'arxiv:cs.AI',
    kind: 'arxiv',
    argument: 'cs.AI',
    base: 'http://127.0.0.1:9000',
  } as const;
  const asking = { spec, clock: () => Date.parse('2026-01-06T00:00:00Z'), days: [] };

  test('asks for its feed alone when that tells everything', async () => {
    const { asked, ...ask } = answering(arxivRss('2026-01-05', ['2601.99001']));
    const { entries, batchOn } = await arxiv({ ...asking, ...ask });
    expect(entries).toHaveLength(1);
    expect(batchOn).toBe('2026-01-05');
    expect(asked).toEqual(['http://127.0.0.1:9000/rss/cs.AI']);
  });

  test('asks the API too when it does not', async () => {
    const feed = arxivRss('2026-01-05', ['2601.99001']).replaceAll(/<dc:creator>.*?<\/dc:creator>/g, '');
    const { asked, ...ask } = answering((url) =>
      url.includes('/api/query?') ? atom(known('2601.99001')) : feed,
    );
    const { entries } = await arxiv({ ...asking, ...ask });
    expect(entries[0]?.authors).toEqual(['Ada Example', 'Bruno Sample']);
    expect(asked).toHaveLength(2);
  });
});
