import { describe, expect, test } from 'vitest';
import { generator } from '../../bench/rank/metrics.ts';
import { indexCandidates } from '../../src/ranking/candidate-index.ts';
import { type Feedback, withFeedback } from '../../src/ranking/feedback.ts';
import { parseInterest } from '../../src/ranking/interest.ts';
import { personalPicker } from '../../src/ranking/pick-for-subscriber.ts';
import { BY_WORDS, type Similarity } from '../../src/ranking/similarity.ts';
import { type Vector, vectorOf } from '../../src/ranking/vector.ts';
import { makePaper } from '../support/makers.ts';

const SUBJECTS = ['whales', 'glaciers', 'bridges', 'violins', 'orchids', 'comets'] as const;
type Subject = (typeof SUBJECTS)[number];

/**
 * A made-up text of 28 words: 12 of the 16 that its subject has, 16 of 120 that all papers share. Two of one subject are about
 * as alike as recorded papers that share two keywords, two of different ones as little as any two.
 */
function textOf(subject: Subject, random: () => number): readonly [title: string, abstract: string] {
  const word = (stem: string, of: number) => {
    const index = Math.floor(random() * of);
    return `${stem}${String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26))}q`;
  };
  const own = Array.from({ length: 12 }, () => word(subject, 16));
  const shared = Array.from({ length: 16 }, () => word('plain', 120));
  return [`${subject} ${own[0]} ${shared[0]}`, [...own, ...shared].join(' with ')];
}

/** Sixty candidates: the subjects take turns, the scores fall slowly. */
const random = generator(17);
const CANDIDATES = Array.from({ length: 60 }, (_, place) => {
  const [title, abstract] = textOf(SUBJECTS[place % SUBJECTS.length] as Subject, random);
  const id = `arxiv:2601.${10_000 + place}`;
  return {
    paper: makePaper({ id, title, abstract, categories: [] }),
    score: 40 * 0.97 ** place,
    reasons: [],
  };
});

const VECTORS = CANDIDATES.map(({ paper }) => vectorOf(paper.title, paper.abstract));

/** Papers of earlier weeks, that subscribers have said something of. */
const EARLIER = new Map<string, Vector>(
  SUBJECTS.flatMap((subject, at) =>
    Array.from({ length: 10 }, (_, turn): [string, Vector] => [
      earlierId(at, turn),
      vectorOf(...textOf(subject, random)),
    ]),
  ),
);

function earlierId(subject: number, turn: number): string {
  return `250${1 + subject}.${10_000 + turn}`;
}

function said(subject: Subject, count: number, feedback: Feedback, before: readonly string[] = []) {
  const at = SUBJECTS.indexOf(subject);
  return Array.from({ length: count }, (_, turn) => earlierId(at, turn)).reduce<readonly string[]>(
    (topics, id) => withFeedback(topics, id, feedback) ?? topics,
    before,
  );
}

function picksOf(topics: readonly string[], similarity: Similarity<Vector> = BY_WORDS) {
  const common = CANDIDATES.slice(0, 10).map(({ paper }) => paper.id);
  const picker = personalPicker(indexCandidates(CANDIDATES, common, VECTORS, similarity), EARLIER);
  const picks = picker(parseInterest(topics).interest, new Set(), { count: 10, floor: 3 });
  return picks.map(({ place }) => ({ place, subject: SUBJECTS[place % SUBJECTS.length] as Subject }));
}

const countOf = (picks: readonly { subject: Subject }[], subject: Subject) =>
  picks.filter((pick) => pick.subject === subject).length;

describe.each(SUBJECTS)('a simulated subscriber who says more or less of %s', (subject) => {
  const other = SUBJECTS[(SUBJECTS.indexOf(subject) + 1) % SUBJECTS.length] as Subject;
  const indifferent = picksOf(['nothing that is written anywhere']);

  test('gets its papers first after ten likes, beside what everybody sees', () => {
    const picks = picksOf(said(subject, 10, 'more'));
    expect(countOf(indifferent, subject)).toBeLessThanOrEqual(3);
    expect(picks.slice(3, 9).map((pick) => pick.subject)).toEqual(new Array(6).fill(subject));
  });

  test('gets none of its papers after three mutes, not even among what everybody sees', () => {
    const picks = picksOf(said(subject, 3, 'less'));
    expect(countOf(picks, subject)).toBe(0);
    expect(picks).toHaveLength(10);
  });

  test('gets fewer, and only better ones, after one mute, and never the muted paper itself', () => {
    const picks = picksOf(said(subject, 1, 'less'));
    expect(countOf(picks, subject)).toBeLessThanOrEqual(countOf(indifferent, subject));
    const best = CANDIDATES[0]?.paper.id.slice('arxiv:'.length) ?? '';
    expect(picksOf([`-like:${best}`]).map(({ place }) => place)).not.toContain(0);
  });

  test('keeps what ten likes speak for, whatever three mutes elsewhere keep out', () => {
    const picks = picksOf(said(other, 3, 'less', said(subject, 10, 'more')));
    expect(countOf(picks, other)).toBe(0);
    expect(countOf(picks, subject)).toBeGreaterThanOrEqual(6);
  });

  test('keeps a field that they like after muting one paper of it', () => {
    const likes = said(subject, 10, 'more');
    const picks = picksOf(withFeedback(likes, earlierId(SUBJECTS.indexOf(subject), 0), 'less') ?? []);
    expect(countOf(picks, subject)).toBeGreaterThanOrEqual(5);
  });
});

test('a paper that many subscribers like or mute is compared with the candidates once', () => {
  let compared = 0;
  const counting: Similarity<Vector> = {
    ...BY_WORDS,
    index: (papers) => {
      const alikeTo = BY_WORDS.index(papers);
      return (vector) => {
        compared += 1;
        return alikeTo(vector);
      };
    },
  };
  const picker = personalPicker(indexCandidates(CANDIDATES, [], VECTORS, counting), EARLIER);
  for (let subscriber = 0; subscriber < 200; subscriber++) {
    const topics = [`word${subscriber}`, ...said('comets', 3, 'less', said('whales', 10, 'more'))];
    picker(parseInterest(topics).interest, new Set(), { count: 10, floor: 3 });
  }
  // Each of the thirteen papers, and each candidate that competed for a place.
  expect(compared).toBeLessThanOrEqual(13 + CANDIDATES.length);
});
