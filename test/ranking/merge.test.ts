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

  test('is a telling title together with its first author, whichever way the name is written', () => {
    const work = 'title:saltmarshhowsmallmodelsrememberthetide/example';
    for (const name of ['Ada Example', 'A. Example', 'Example, Ada', 'Example A'])
      expect(entryKeys(makeEntry({ ids: { doi: '10.1/x' }, title: TITLE, authors: [name] })).names).toEqual([
        'doi:10.1/x',
        work,
      ]);
    expect(entryKeys(makeEntry({ ids: { doi: '10.1/x' }, title: TITLE, authors: [] })).names).toEqual([
      'doi:10.1/x',
    ]);
    for (const title of [
      'Editorial',
      'Research highlights: seven small tides',
      'The small tides of this month',
    ])
      expect(entryKeys(makeEntry({ ids: { doi: '10.1/x' }, title })).names).toEqual(['doi:10.1/x']);
  });

  test('is its title and link where there is no id', () => {
    const nameAt = (abstract: string) =>
      entryKeys(makeEntry({ ids: {}, title: TITLE, links: { abstract } })).names;
    const [name] = nameAt('https://lab.example/1');
    expect(name).toMatch(/^title:saltmarshhowsmallmodelsrememberthetide@[0-9a-f]{12}$/);
    expect(nameAt('http://www.lab.example/1/?utm_source=feed')).toEqual([name]);
    expect(nameAt('https://lab.example/2')).not.toEqual([name]);
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

  test('when one is a preprint, and title and first author are those of the journal version', () => {
    const preprint = seen('a', { doi: '10.1101/2026.11.20.612345' }, TITLE, { authors: ['Ada Example'] });
    const journal = seen('b', { doi: '10.7554/made.1' }, TITLE, { authors: ['Example, A.', 'Sample, B.'] });
    expect(groups(preprint, journal)).toEqual([['a', 'b']]);
    const others = [
      { ...journal, authors: ['Cy Other'] },
      { ...journal, authors: [] },
      { ...journal, title: 'Editorial' },
      { ...journal, title: `${TITLE}, revisited` },
    ];
    for (const other of others) expect(groups(preprint, other)).toEqual([['a'], ['b']]);
  });

  test('never when two journals have one title, though a preprint has it, too', () => {
    const preprint = seen('a', { doi: '10.21203/rs.3.rs-7654321' });
    const journals = [seen('b', { doi: '10.1/x' }), seen('c', { doi: '10.2/y' })];
    expect(groups(preprint, ...journals)).toHaveLength(2);
  });

  test('never by a title alone when no author is the same', () => {
    const other = seen('b', {}, TITLE, { authors: ['Cy Other'] });
    expect(groups(seen('a', { arxiv: '1' }), other)).toEqual([['a'], ['b']]);
    expect(groups(seen('a', { arxiv: '1' }), { ...other, authors: [] })).toEqual([['a', 'b']]);
  });

  test('never when a title comes again without ids, with another link and at another time', () => {
    const title = 'Reading group: the papers of this week';
    const week = (key: string, source: string, link: string, day: string) =>
      seen(key, {}, title, {
        source,
        authors: [],
        links: { abstract: link },
        publishedAt: at(`${day}T09:00:00Z`),
      });
    const papers = mergeEntries([
      week('47', 'rss:lab', 'https://lab.example/47', '2026-11-17'),
      week('48', 'rss:lab', 'https://lab.example/48', '2026-11-24'),
      week('x', 'rss:mirror', 'https://mirror.example/x', '2026-11-24'),
      week('48b', 'rss:other', 'http://www.lab.example/48/', '2026-11-24'),
    ]);
    expect(papers.map(({ sources }) => sources.toSorted())).toEqual(
      expect.arrayContaining([['rss:lab'], ['rss:lab', 'rss:mirror', 'rss:other']]),
    );
    const [one, other] = papers.map(({ aliases }) => aliases);
    expect(papers).toHaveLength(2);
    expect(one?.filter((alias) => other?.includes(alias))).toEqual([]);
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
      journal: 'https://doi.org/10.1/x',
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

  test('is known by every id and work that any source gave it, the canonical one first', () => {
    expect(paper?.aliases[0]).toBe('arxiv:1');
    expect(new Set(paper?.aliases)).toEqual(
      new Set([
        'arxiv:1',
        'doi:10.1/x',
        `${titleKey(early.title)}/example`,
        `${titleKey(late.title)}/example`,
      ]),
    );
  });
});

describe('a preprint with its journal version', () => {
  const [paper] = mergeEntries([
    seen('a', { doi: '10.7554/made.1' }, TITLE, { links: { abstract: 'https://doi.org/10.7554/made.1' } }),
    seen('b', { doi: '10.1101/2026.11.20.612345' }, TITLE, {
      links: { abstract: 'https://preprints.example/1', pdf: 'https://preprints.example/1.pdf' },
    }),
  ]);

  test('is called by the journal, and has both links', () => {
    expect(paper).toMatchObject({
      id: 'doi:10.7554/made.1',
      ids: { doi: '10.7554/made.1' },
      links: {
        abstract: 'https://preprints.example/1',
        journal: 'https://doi.org/10.7554/made.1',
        pdf: 'https://preprints.example/1.pdf',
      },
    });
    expect(paper?.aliases).toContain('doi:10.1101/2026.11.20.612345');
  });

  test('has them, too, when the preprint is on arXiv', () => {
    const [other] = mergeEntries([
      seen('a', { arxiv: '2608.00001', doi: '10.7554/made.1' }, TITLE, {
        links: { abstract: 'https://arxiv.org/abs/2608.00001' },
      }),
    ]);
    expect(other?.links).toEqual({
      abstract: 'https://arxiv.org/abs/2608.00001',
      journal: 'https://doi.org/10.7554/made.1',
    });
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

  test('items with different DOIs are never one, unless one is a preprint or arXiv says so', () => {
    const dois = fc.constantFrom(
      '10.1/a',
      '10.1/b',
      '10.2/c',
      '10.1101/2026.01.01.612345',
      '10.21203/rs.3.rs-1',
    );
    const items = fc.array(
      fc.record({
        doi: fc.option(dois, { nil: undefined }),
        pubmed: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
        title: fc.constantFrom(TITLE, `${TITLE}!`, 'Lanternfish Looks in the Dark', 'Editorial'),
        authors: fc.constantFrom(['Ada Example'], ['Example, A.'], ['Cy Other'], []),
      }),
      { maxLength: 9 },
    );
    fc.assert(
      fc.property(items, (list) => {
        const entries = list.map(({ doi, pubmed, title, authors }, index) =>
          seen(String(index), { ...(doi && { doi }), ...(pubmed && { pubmed }) }, title, { authors }),
        );
        for (const { aliases } of mergeEntries(entries)) {
          const journals = aliases.filter((alias) => /^doi:10\.[12]\//.test(alias));
          expect(journals.length).toBeLessThan(2);
        }
      }),
    );
  });
});
