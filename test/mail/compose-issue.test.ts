import fc from 'fast-check';
import { expect, test } from 'vitest';
import { composeIssue } from '../../src/mail/compose-issue.ts';
import type { SubjectStyle } from '../../src/mail/subject.ts';
import { ENGLISH, FROZEN, makeIssue, makePaper, manyPapers, rank } from './support.ts';

const titled = (...titles: string[]) =>
  rank(...titles.map((title, index) => makePaper({ title }, index + 1)));

test('the picks are the first papers, the candidates all of them', () => {
  const issue = makeIssue(manyPapers(12));
  expect(issue.picks).toHaveLength(10);
  expect(issue.candidates).toHaveLength(12);
  expect(issue.candidates[0]).toEqual({ id: 'arxiv:2608.00001', score: 100 });
  expect(issue).toMatchObject({ kind: 'daily', date: '2026-08-19', number: 12, frozenAt: FROZEN });
});

test('the subject is the title of the first pick and counts the others where there is room', () => {
  expect(makeIssue(titled('Lanternfish: A Lamp That Reads', ...'abcdefghi')).subject).toBe(
    'Lanternfish: A Lamp That Reads + 9',
  );
  expect(makeIssue(titled('Lanternfish: A Lamp That Reads')).subject).toBe('Lanternfish: A Lamp That Reads');
  expect(makeIssue(manyPapers(12), true).subject).toMatch(/^Sample issue: Lanternfish/);
});

test('what comes next in the ranking is noted by its title and link', () => {
  const issue = makeIssue(manyPapers(20));
  expect(issue.noted?.map(({ id }) => id)).toEqual(
    [11, 12, 13, 14, 15, 16].map((place) => `arxiv:2608.000${place}`),
  );
  expect(issue.noted?.[0]).toMatchObject({
    title: 'Marrow: A Small Model That Learns Where to Look in the Dark',
    url: 'https://papers.example.org/abs/2608.00011',
  });
  expect(makeIssue(manyPapers(10)).noted).toEqual([]);
});

test('the style of subjects is the publisher’s choice', () => {
  const subject = (subjectStyle: SubjectStyle) =>
    composeIssue(manyPapers(12), {
      kind: 'daily',
      date: '2026-08-19',
      number: 1,
      sample: false,
      frozenAt: FROZEN,
      picks: 10,
      subjectStyle,
      words: ENGLISH,
    }).subject;
  const title = 'Lanternfish: A Small Model That Learns Where to Look in the Dark';
  expect(subject('picks')).toBe(`${title} + 9`);
  expect(subject('first')).toBe(title);
  expect(subject('dated')).toBe('19 August: Lanternfish: A Small Model That Learns Where to Look…');
});

test.each([
  [
    'Kvasir: An Exploration of Lamps and Their Light in Very Large Houses of the North',
    'Kvasir: An Exploration of Lamps and Their Light in Very Large Houses…',
  ],
  [
    'A Very Patient Title Without Any Colon That Goes On and On and Is Never to End Anywhere',
    'A Very Patient Title Without Any Colon That Goes…',
  ],
  [
    'Light and Shade and Everything Between Them in Rooms and Gardens: The Handbook',
    'Light and Shade and Everything Between Them in Rooms and Gardens…',
  ],
])('a subject that is too long is cut where a phrase ends: %s', (title, expected) => {
  expect(makeIssue(titled(title, 'BERT')).subject).toBe(expected);
});

test('a subject does not shout and has no emoji', () => {
  const { subject } = makeIssue(titled('LAMPS ARE ALL YOU NEED!!! 🦊', 'BERT'));
  expect(subject).toBe('Lamps are all you need! + 1');
});

test('the preheader tells of papers that the subject does not', () => {
  const { preheader } = makeIssue(manyPapers(12));
  expect(preheader).toMatch(/^Also: Quiet Attention.* · Saltmarsh/);
  expect(makeIssue(titled('Lamp')).preheader).toBe('One paper, and what it does in a sentence');
});

test('whatever the titles, subject and preheader keep their lengths and have one line', () => {
  const title = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 200 }));
  fc.assert(
    fc.property(fc.array(title, { minLength: 1, maxLength: 14 }), fc.boolean(), (titles, sample) => {
      const { subject, preheader } = makeIssue(titled(...titles), sample);
      expect(subject.length).toBeLessThanOrEqual(70);
      expect(preheader.length).toBeGreaterThanOrEqual(40);
      expect(preheader.length).toBeLessThanOrEqual(130);
      expect(subject + preheader).not.toMatch(/\p{Cc}/u);
      expect((subject + preheader).isWellFormed()).toBe(true);
    }),
  );
});

test('equal issues have equal hashes, whatever the order of their keys, and any change another', () => {
  const [first] = manyPapers(1);
  if (!first) throw new Error('no paper');
  const turned = Object.fromEntries(Object.entries(first.paper).reverse()) as typeof first.paper;
  const hash = makeIssue([first]).hash;
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(makeIssue([{ ...first, paper: turned }]).hash).toBe(hash);
  expect(makeIssue([{ ...first, score: 99 }]).hash).not.toBe(hash);
  expect(makeIssue([first], true).hash).not.toBe(hash);
});
