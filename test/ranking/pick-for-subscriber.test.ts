import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RankedPaper } from '../../src/domain/paper.ts';
import { reasonsInWords } from '../../src/domain/reason.ts';
import { indexCandidates } from '../../src/ranking/candidate-index.ts';
import { parseInterest } from '../../src/ranking/interest.ts';
import {
  decodePicks,
  encodePicks,
  personalPicker,
  reasonsOfPick,
} from '../../src/ranking/pick-for-subscriber.ts';
import { BY_EMBEDDINGS, BY_WORDS } from '../../src/ranking/similarity.ts';
import { type Vector, vectorOf } from '../../src/ranking/vector.ts';
import { ENGLISH } from '../mail/support.ts';

type Made = { title?: string; abstract?: string; authors?: string[]; categories?: string[]; score?: number };

function madePaper(place: number, made: Made): RankedPaper {
  const id = `arxiv:2601.${10_000 + place}`;
  const paper = {
    id,
    aliases: [id, `title:${place}`],
    ids: {},
    title: `Number ${place}`,
    abstract: '',
    authors: [],
    links: {},
    categories: [],
    sources: ['made-up'],
    day: '2026-01-05',
    since: 0,
    firstSeenAt: 0,
    signals: {},
    ...made,
  };
  return { paper, score: made.score ?? 50 - place, reasons: [] };
}

function newsroom(all: readonly Made[], likes: ReadonlyMap<string, Vector> = new Map()) {
  const papers = all.map((made, place) => madePaper(place, made));
  const vectors = papers.map(({ paper }) => vectorOf(paper.title, paper.abstract));
  const ids = papers.map(({ paper }) => paper.id);
  const picker = personalPicker(indexCandidates(papers, ids.slice(0, 5), vectors, BY_WORDS), likes);
  return (topics: readonly string[], options: { had?: string[]; count?: number; floor?: number } = {}) => {
    const { interest } = parseInterest(topics);
    const { had = [], count = 4, floor = 0 } = options;
    const picks = picker(interest, new Set(had), { count, floor });
    return picks.map((pick) => ({
      place: pick.place,
      why: reasonsInWords(
        reasonsOfPick(pick, interest, () => 'The liked one'),
        ENGLISH,
      ),
    }));
  };
}

describe('the picks of a reader', () => {
  const day: Made[] = [
    { title: 'Robots that fold laundry' },
    { title: 'A market of proofs', authors: ['Bo Ek'] },
    { title: 'Maps of caves', categories: ['cs.RO'] },
    { title: 'Tasting wine by machine', abstract: 'A diffusion model tastes.' },
    { title: 'Self-supervised whales', authors: ['Ada Lovelace'], categories: ['cs.CL'] },
    { title: 'Diffusion Models for weather', abstract: 'Clouds.' },
  ];

  test.each([
    ['diffusion model', [5, 3], 'matches “diffusion model”'],
    ['self supervised', [4], 'matches “self supervised”'],
    ['author:A. Lovelace', [4], 'by A. Lovelace, whom you follow'],
    ['cs.CL', [4], 'in cs.CL'],
    ['cs', [2, 4], 'in cs'],
  ])('lead with what matches %s, and say so', (topic, places, why) => {
    const picks = newsroom(day)([topic]);
    expect(picks.slice(0, places.length)).toEqual(places.map((place) => ({ place, why: [why] })));
    expect(picks.slice(places.length).every((pick) => pick.why.length === 0)).toBe(true);
  });

  test('begin with what everybody should see, unless it is muted or was had', () => {
    const picks = newsroom(day)(['cs.CL', '-proofs'], { floor: 3, had: ['arxiv:2601.10002'] });
    expect(picks.map(({ place }) => place)).toEqual([0, 4, 3, 5]);
  });

  test('a paper far ahead gets in although nothing of it is wanted', () => {
    const far = day.map((made, place) => ({ ...made, score: place === 0 ? 5000 : 2 }));
    expect(newsroom(far)(['diffusion model'], { count: 1 })[0]?.place).toBe(0);
    expect(newsroom(day)(['diffusion model'], { count: 1 })[0]?.place).toBe(5);
  });

  test('are near what the reader likes; a liked paper that nobody knows says nothing', () => {
    const likes = new Map([
      ['2510.01234', vectorOf('Wine and whales', 'Tasting wine by machine with whales.')],
    ]);
    const picks = newsroom(day, likes)(['like:2510.01234', 'like:2510.09999'], { count: 2 });
    expect(picks.map(({ place }) => place).sort()).toEqual([3, 4]);
    expect(picks[0]?.why).toEqual(['like “The liked one”']);
  });

  test('do not repeat one topic while others are as good', () => {
    const twice = { abstract: 'Whales sing slowly in cold and deep northern water.', categories: ['cs.CL'] };
    const picks = newsroom([
      { title: 'Songs of whales', ...twice, score: 30 },
      { title: 'Songs of whales', ...twice, score: 29 },
      { title: 'Ants in cities', categories: ['cs.CL'], score: 20 },
    ])(['cs.CL'], { count: 2 });
    expect(picks.map(({ place }) => place)).toEqual([0, 2]);
  });

  test('come from embeddings where there are some', () => {
    const papers = day.map((made, place) => madePaper(place, made));
    const vectors = [[1, 0], [1, 0.1], undefined, [0.1, 1], [1, 0.2], [1, 0]].map(
      (one) => one && Float32Array.from(one),
    );
    const likes = new Map([['2510.01234', Float32Array.of(0, 2)]]);
    const picker = personalPicker(indexCandidates(papers, [], vectors, BY_EMBEDDINGS), likes);
    const { interest } = parseInterest(['like:2510.01234']);
    expect(picker(interest, new Set(), { count: 1, floor: 0 })).toEqual([{ place: 3, topics: [0] }]);
  });
});

describe('for every pool, interest and history', () => {
  const WORDS = ['whale', 'robot', 'proof', 'cave', 'wine'];
  const AUTHORS = ['Ada Lovelace', 'Bo Ek', 'C. Droste'];
  const paper = fc.record({
    title: fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }).map((words) => words.join(' ')),
    abstract: fc.array(fc.constantFrom(...WORDS), { maxLength: 6 }).map((words) => words.join('s ')),
    authors: fc.subarray(AUTHORS),
    categories: fc.subarray(['cs.CL', 'cs.RO', 'math.CO']),
    score: fc.double({ min: 0, max: 1000, noNaN: true }),
  });
  const topics = fc.array(fc.constantFrom(...WORDS, 'cs', 'author:Bo Ek', 'robot proofs', 'like:2510.01234'));
  const like = new Map([['2510.01234', vectorOf('whale robot', 'cave')]]);

  test('nothing that is muted or was had appears, nothing twice, and the same picks come each time', () => {
    fc.assert(
      fc.property(
        fc.array(paper, { maxLength: 12 }),
        topics,
        fc.constantFrom(...WORDS),
        fc.constantFrom(...AUTHORS),
        fc.array(fc.nat(12)),
        fc.nat(5),
        (all, wanted, word, author, hadPlaces, floor) => {
          const had = hadPlaces.map((place) => `title:${place}`);
          const asked = [...wanted, `-${word}`, `-author:${author}`];
          const picks = newsroom(all, like)(asked, { had, floor, count: 8 });
          const allowed = all.flatMap(({ title, abstract, authors }, place) =>
            `${title} ${abstract}`.includes(word) || authors.includes(author) || hadPlaces.includes(place)
              ? []
              : [place],
          );
          const places = picks.map(({ place }) => place);
          expect(places.filter((place) => !allowed.includes(place))).toEqual([]);
          expect(new Set(places).size).toBe(Math.min(8, allowed.length));
          expect(places).toHaveLength(Math.min(8, allowed.length));
          const again = newsroom(all, like)(asked.toReversed(), { had, floor, count: 8 });
          expect(again.map(({ place }) => place)).toEqual(places);
        },
      ),
    );
  });
});

test('picks fit into a short text and come back', () => {
  const picks = [
    { place: 0, topics: [] },
    { place: 4999, topics: [0, 12] },
  ];
  expect(encodePicks(picks)).toBe('0 3uv.0.c');
  expect(decodePicks(encodePicks(picks))).toEqual(picks);
  expect(decodePicks('')).toEqual([]);
  expect(decodePicks('1;2')).toBeUndefined();
});
