import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PaperIds, SeenEntry } from '../../src/domain/entry.ts';
import { entryKeys, idKeys, normalIds, titleKey } from '../../src/ranking/identify.ts';
import { mergeEntries } from '../../src/ranking/merge.ts';
import { at, makeEntry, makeSeen } from '../support/makers.ts';
import { RUNS } from '../support/properties.ts';

const TITLE = 'Saltmarsh: How Small Models Remember the Tide';

function seen(key: string, ids: PaperIds, title = TITLE, change: Partial<SeenEntry> = {}): SeenEntry {
  return makeSeen({ source: `rss:${key}`, key, ids, title, ...change });
}

/** Which entries became one paper, by their keys. */
function groups(...entries: SeenEntry[]): string[][] {
  return mergeEntries(entries)
    .map((paper) => paper.sources.map((source) => source.slice(4)).sort())
    .sort((a, b) => a.join().localeCompare(b.join()));
}

describe('what a paper is recognised by', () => {
  test('is the arXiv id first, then the DOI, then PubMed', () => {
    expect(idKeys({ pubmed: '7', doi: '10.1000/x', arxiv: '2608.00001' })).toEqual([
      'arxiv:2608.00001',
      'doi:10.1000/x',
      'pubmed:7',
    ]);
  });

  test('is the arXiv id also where the DOI is one of arXiv, with or without a version', () => {
    for (const doi of ['10.48550/arxiv.2608.00001', '10.48550/arxiv.2608.00001v3'])
      expect(normalIds({ doi })).toEqual({ arxiv: '2608.00001' });
    expect(normalIds({ doi: '10.48550/arxiv.cs/0112017v1' })).toEqual({ arxiv: 'cs/0112017' });
    expect(normalIds({ arxiv: '2608.00001', doi: '10.48550/arxiv.2608.00001', pubmed: '7' })).toEqual({
      arxiv: '2608.00001',
      pubmed: '7',
    });
    expect(normalIds({ doi: '10.1000/arxiv.1' })).toEqual({ doi: '10.1000/arxiv.1' });
  });

  test('is its title by letters and digits alone', () => {
    expect(titleKey('Größe—matters:  A  *Re-Study*, 2nd ed.')).toBe('title:große' + 'mattersarestudy2nded');
    expect(titleKey('潮を覚える小さな模型')).toBe(titleKey('潮を 覚える、小さな模型'));
  });

  test('is no short title, unless there is nothing else', () => {
    expect(entryKeys(makeEntry({ ids: { doi: '10.1/x' }, title: 'Editorial' }))).toEqual(['doi:10.1/x']);
    expect(entryKeys(makeEntry({ ids: {}, title: 'Editorial' }))).toEqual(['title:editorial']);
  });
});

describe('entries become one paper', () => {
  test('when they share an id, whatever their titles', () => {
    expect(
      groups(seen('a', { arxiv: '1' }, 'One title'), seen('b', { arxiv: '1' }, 'Another title')),
    ).toEqual([['a', 'b']]);
    expect(groups(seen('a', { arxiv: '1' }, 'x'), seen('b', { doi: '10.48550/arxiv.1v2' }, 'y'))).toEqual([
      ['a', 'b'],
    ]);
  });

  test('when they share a telling title and nothing tells them apart', () => {
    expect(groups(seen('a', { arxiv: '1' }), seen('b', {}, TITLE.toUpperCase()))).toEqual([['a', 'b']]);
    expect(groups(seen('a', { arxiv: '1' }), seen('b', { doi: '10.1/x' }))).toEqual([['a', 'b']]);
  });

  test('when a third one shows that they are the same', () => {
    const one = seen('a', { arxiv: '1' }, 'The first title of the work');
    const other = seen('b', { doi: '10.1/x' }, 'The second title of the work');
    expect(groups(one, other)).toEqual([['a'], ['b']]);
    expect(groups(one, other, seen('c', { arxiv: '1', doi: '10.1/x' }, 'Third'))).toEqual([['a', 'b', 'c']]);
  });

  test('when the arXiv id is the same, though each has a DOI of its own', () => {
    const papers = mergeEntries([
      seen('a', { arxiv: '1', doi: '10.1/preprint' }),
      seen('b', { arxiv: '1', doi: '10.2/journal' }),
      seen('c', { doi: '10.2/journal' }, 'As the journal has it'),
    ]);
    expect(papers).toHaveLength(1);
    expect(papers[0]?.aliases).toEqual(
      expect.arrayContaining(['arxiv:1', 'doi:10.1/preprint', 'doi:10.2/journal']),
    );
  });

  test('never when their ids of the first kind that both have differ', () => {
    expect(groups(seen('a', { arxiv: '1' }), seen('b', { arxiv: '2' }))).toEqual([['a'], ['b']]);
    expect(groups(seen('a', { doi: '10.1/a' }), seen('b', { doi: '10.1/b' }))).toEqual([['a'], ['b']]);
    expect(
      groups(seen('a', { arxiv: '1', doi: '10.1/a' }), seen('b', { arxiv: '2', doi: '10.1/a' })),
    ).toEqual([['a'], ['b']]);
  });

  test('never by a short title when one has an id', () => {
    expect(groups(seen('a', { doi: '10.1/a' }, 'Editorial'), seen('b', {}, 'Editorial'))).toEqual([
      ['a'],
      ['b'],
    ]);
  });
});

describe('a merged paper', () => {
  const early = seen('a', { arxiv: '1' }, 'The first title of the work', {
    abstract: 'Short.',
    authors: ['Ada Example'],
    links: { abstract: 'https://a.example/1', code: 'https://a.example/code' },
    categories: ['cs.CL', 'cs.AI'],
    listedOn: '2026-08-18',
    firstSeenAt: at('2026-08-18T06:00:00Z'),
    signals: [
      { name: 'upvotes', value: 12, seenAt: 1 },
      { name: 'comments', value: 0, seenAt: 1 },
    ],
  });
  const late = seen('b', { arxiv: '1', doi: '10.1/x' }, 'The second title of the work', {
    abstract: 'A longer abstract.',
    authors: ['Ada Example', 'Bruno Sample'],
    links: { abstract: 'https://b.example/1', pdf: 'https://b.example/pdf' },
    categories: ['cs.AI', 'cs.LG'],
    organization: 'Institute of Lamps',
    hasMedia: true,
    listedOn: '2026-08-17',
    firstSeenAt: at('2026-08-18T09:00:00Z'),
    signals: [{ name: 'upvotes', value: 9, seenAt: 2 }],
  });
  const [paper] = mergeEntries([early, late]);

  test('takes the fullest of what its sources say', () => {
    expect(paper).toMatchObject({
      id: 'arxiv:1',
      ids: { arxiv: '1', doi: '10.1/x' },
      abstract: 'A longer abstract.',
      authors: ['Ada Example', 'Bruno Sample'],
      organization: 'Institute of Lamps',
      hasMedia: true,
      sources: ['rss:b', 'rss:a'],
      categories: ['cs.AI', 'cs.LG', 'cs.CL'],
    });
    expect(paper?.links).toEqual({
      abstract: 'https://b.example/1',
      pdf: 'https://b.example/pdf',
      code: 'https://a.example/code',
    });
  });

  test('has the newest reading of each signal, and none that nobody read', () => {
    expect(paper?.signals).toEqual({ upvotes: 9, comments: 0 });
  });

  test('is of the earliest day that a source lists it on', () => {
    expect(paper).toMatchObject({
      day: '2026-08-17',
      since: at('2026-08-17T00:00:00Z'),
      firstSeenAt: at('2026-08-18T06:00:00Z'),
    });
  });

  test('without a listing day is of the day it was first seen, and as old as its publication', () => {
    const unlisted = { firstSeenAt: at('2026-08-18T23:30:00Z'), publishedAt: at('2026-08-16T09:00:00Z') };
    const [other] = mergeEntries([seen('a', {}, TITLE, unlisted)]);
    expect(other).toMatchObject({ day: '2026-08-18', since: unlisted.publishedAt });
  });

  test('is known by every id and telling title that any source gave it, the canonical one first', () => {
    expect(paper?.aliases[0]).toBe('arxiv:1');
    expect(new Set(paper?.aliases)).toEqual(
      new Set(['arxiv:1', 'doi:10.1/x', titleKey(early.title), titleKey(late.title)]),
    );
  });
});

describe('whatever the entries', () => {
  const entries = fc
    .array(
      fc.record({
        arxiv: fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined }),
        doi: fc.option(fc.constantFrom('10.1/a', '10.1/b', '10.48550/arxiv.2'), { nil: undefined }),
        title: fc.constantFrom(TITLE, `${TITLE}!`, 'Lanternfish Looks in the Dark', 'Editorial'),
        votes: fc.integer({ min: 0, max: 3 }),
      }),
      { maxLength: 9 },
    )
    .map((list) =>
      list.map(({ arxiv, doi, title, votes }, index) =>
        seen(String(index), { ...(arxiv && { arxiv }), ...(doi && { doi }) }, title, {
          signals: [{ name: 'upvotes', value: votes, seenAt: votes % 2 }],
        }),
      ),
    );

  test('their order does not matter', () => {
    const shuffled = entries.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(mergeEntries(other)).toEqual(mergeEntries(list));
      }),
      {
        numRuns: 4 * RUNS,
      },
    );
  });

  test('each entry is in one paper, and no two papers have one id', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const papers = mergeEntries(list);
        expect(papers.flatMap((paper) => paper.sources).sort()).toEqual(
          list.map((entry) => entry.source).sort(),
        );
        expect(new Set(papers.map((paper) => paper.id)).size).toBe(papers.length);
        for (const paper of papers) expect(paper.aliases[0]).toBe(paper.id);
      }),
      { numRuns: 4 * RUNS },
    );
  });

  test('no paper holds two arXiv ids', () => {
    fc.assert(
      fc.property(entries, (list) => {
        for (const paper of mergeEntries(list))
          expect(paper.aliases.filter((alias) => alias.startsWith('arxiv:')).length).toBeLessThan(2);
      }),
      { numRuns: 4 * RUNS },
    );
  });
});
