import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SeenEntry } from '../../src/domain/entry.ts';
import type { Paper } from '../../src/domain/paper.ts';
import { HOUR } from '../../src/domain/time.ts';
import { candidates, rank } from '../../src/ranking/rank.ts';
import { at, FROZEN, makePaper, makeSeen } from '../support/makers.ts';

describe('the candidates of the issue of 2026-08-19', () => {
  const isCandidate = (change: Partial<SeenEntry>) =>
    candidates([makeSeen(change)], '2026-08-19', FROZEN).length === 1;

  test('were listed on one of the seven days before', () => {
    for (const listedOn of ['2026-08-12', '2026-08-15', '2026-08-18'])
      expect(isCandidate({ listedOn })).toBe(true);
    for (const listedOn of ['2026-08-11', '2026-08-20']) expect(isCandidate({ listedOn })).toBe(false);
  });

  test('may be read late when their listing day vouches for them', () => {
    expect(isCandidate({ listedOn: '2026-08-18', firstSeenAt: at('2026-09-30T00:00:00Z') })).toBe(true);
  });

  test('of its own day were there when it was frozen', () => {
    const today = { listedOn: '2026-08-19', firstSeenAt: FROZEN };
    expect(isCandidate(today)).toBe(true);
    expect(isCandidate({ ...today, firstSeenAt: FROZEN + 1 })).toBe(false);
    expect(isCandidate({ ...today, publishedAt: FROZEN })).toBe(true);
    expect(isCandidate({ ...today, publishedAt: FROZEN + 1 })).toBe(false);
  });

  test('without a listing day were first seen in the seven days before, and not dated later than the freeze', () => {
    expect(isCandidate({ firstSeenAt: FROZEN })).toBe(true);
    expect(isCandidate({ firstSeenAt: FROZEN + 1 })).toBe(false);
    expect(isCandidate({ firstSeenAt: at('2026-08-12T00:00:00Z') })).toBe(true);
    expect(isCandidate({ firstSeenAt: at('2026-08-12T00:00:00Z') - 1 })).toBe(false);
    expect(isCandidate({ firstSeenAt: FROZEN, publishedAt: FROZEN + 1 })).toBe(false);
  });

  test('are merged', () => {
    const twins = [makeSeen(), makeSeen({ source: 'arxiv:cs.CL' })];
    expect(candidates(twins, '2026-08-19', FROZEN)).toHaveLength(1);
  });
});

describe('the order of papers', () => {
  const aged = (id: string, hours: number, signals: Paper['signals'] = {}) =>
    makePaper({ id, since: FROZEN - hours * HOUR, signals });
  const order = (...papers: Paper[]) => rank(papers, FROZEN, new Set()).map(({ paper }) => paper.id);

  test('is by votes among papers of one age', () => {
    expect(order(aged('a', 24, { upvotes: 3 }), aged('b', 24, { upvotes: 30 }), aged('c', 24))).toEqual([
      'b',
      'a',
      'c',
    ]);
  });

  test('lets age tell only mildly: after four times as long a third more votes are enough', () => {
    const old = aged('old', 94, { upvotes: 60 });
    expect(order(old, aged('new', 23, { upvotes: 40 }))).toEqual(['old', 'new']);
    expect(order(old, aged('new', 23, { upvotes: 50 }))).toEqual(['new', 'old']);
  });

  test('is newest first where there are no votes', () => {
    expect(order(aged('a', 50), aged('b', 2), aged('c', 20))).toEqual(['b', 'c', 'a']);
  });

  test('takes an unknown count for unknown: on a list of voted papers it is an average one', () => {
    expect(
      order(aged('none', 9, { upvotes: 0 }), aged('many', 9, { upvotes: 60 }), aged('unknown', 9)),
    ).toEqual(['many', 'unknown', 'none']);
  });

  test('is by id between papers that are equal, whatever order they come in', () => {
    const papers = ['d', 'b', 'a', 'c'].map((id) => aged(id, 9, { upvotes: 5 }));
    expect(order(...papers)).toEqual(['a', 'b', 'c', 'd']);
    expect(order(...papers.reverse())).toEqual(['a', 'b', 'c', 'd']);
  });

  test('leaves out a paper that an issue has had under any of its names', () => {
    const paper = makePaper({ id: 'arxiv:1', aliases: ['arxiv:1', 'doi:10.1/x', 'title:lanternfish'] });
    for (const alias of paper.aliases) expect(rank([paper], FROZEN, new Set([alias]))).toEqual([]);
    expect(rank([paper], FROZEN, new Set(['arxiv:2']))).toHaveLength(1);
  });
});

describe('the score', () => {
  const scoreOf = (change: Partial<Paper>) =>
    rank([makePaper(change)], FROZEN, new Set())[0]?.score ?? Number.NaN;
  const signals = fc.record(
    {
      upvotes: fc.integer({ min: -5, max: 1_000_000 }),
      points: fc.nat(5000),
      comments: fc.nat(500),
      stars: fc.nat(200_000),
    },
    { requiredKeys: [] },
  );
  const content = fc.record({
    title: fc.string(),
    abstract: fc.string({ maxLength: 400 }),
    authors: fc.array(fc.constant('Ada Example'), { maxLength: 60 }),
  });

  test('never falls with more of a signal, never rises with age, and is finite and above zero', () => {
    fc.assert(
      fc.property(
        signals,
        content,
        fc.integer({ min: -48, max: 9000 }),
        fc.nat(1000),
        (read, text, hours, more) => {
          const of = (change: Partial<Paper>, age = hours) =>
            scoreOf({ ...text, signals: read, since: FROZEN - age * HOUR, ...change });
          const score = of({});
          expect(Number.isFinite(score) && score > 0).toBe(true);
          expect(of({}, hours + more)).toBeLessThanOrEqual(score);
          for (const [name, value] of Object.entries(read))
            expect(of({ signals: { ...read, [name]: value + more } })).toBeGreaterThanOrEqual(
              score * (1 - 1e-12),
            );
        },
      ),
    );
  });

  test('is what its parts add up to', () => {
    fc.assert(
      fc.property(signals, content, (read, text) => {
        const [ranked] = rank([makePaper({ ...text, signals: read })], FROZEN, new Set());
        const sum = Object.values(ranked?.parts ?? {}).reduce((total, part) => total + part, 0);
        expect(Math.log(ranked?.score ?? 0)).toBeCloseTo(sum, 9);
      }),
    );
  });

  test('is higher where the votes grew since yesterday, and takes an unknown yesterday for no growth', () => {
    const of = (earlier?: Paper['signals']) =>
      scoreOf({ signals: { upvotes: 40 }, ...(earlier && { earlier }) });
    expect(of({ upvotes: 10 })).toBeGreaterThan(of({ upvotes: 30 }));
    expect(of({ upvotes: 40 })).toBe(of());
    expect(of({ stars: 3 })).toBe(of());
    expect(of({ upvotes: 60 })).toBe(of());
  });

  test('counts from the moment of the listing where a source gives it', () => {
    const since = FROZEN - 29 * HOUR;
    const votes = { upvotes: 5 };
    expect(scoreOf({ since, listedAt: FROZEN - 9 * HOUR, signals: votes })).toBeGreaterThan(
      scoreOf({ since }),
    );
  });

  test('is higher for what more sources carry', () => {
    const [one, two] = [['huggingface'], ['huggingface', 'arxiv:cs.CL']];
    expect(scoreOf({ sources: two })).toBeGreaterThan(scoreOf({ sources: one }));
  });
});

test('the order does not depend on the order in which papers come, and none is lost', () => {
  const paper = fc.record({
    upvotes: fc.option(fc.nat(30), { nil: undefined }),
    hours: fc.nat(160),
    source: fc.constantFrom('huggingface', 'arxiv:cs.CL', 'biorxiv:neuroscience'),
    title: fc.string(),
  });
  fc.assert(
    fc.property(fc.array(paper, { maxLength: 12 }), (made) => {
      const papers = made.map(({ upvotes, hours, source, title }, index) =>
        makePaper({
          id: `arxiv:${index}`,
          title,
          sources: [source],
          since: FROZEN - hours * HOUR,
          signals: upvotes === undefined ? {} : { upvotes },
        }),
      );
      const ids = (some: readonly Paper[]) => rank(some, FROZEN, new Set()).map(({ paper: { id } }) => id);
      expect(ids(papers.toReversed())).toEqual(ids(papers));
      expect(ids(papers).toSorted()).toEqual(papers.map(({ id }) => id).toSorted());
    }),
  );
});
