import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Feedback, feedbackOn, withFeedback } from '../../src/ranking/feedback.ts';
import { MOST_TOPICS } from '../../src/ranking/interest.ts';

const TOPICS = ['cs.CL', 'like:2510.01234', '-large language models'];

test('more and less of a paper are a like and a mute, and the last word counts', () => {
  expect(withFeedback(TOPICS, '2510.04321', 'more')).toEqual([...TOPICS, 'like:2510.04321']);
  expect(withFeedback(TOPICS, '2510.01234', 'less')).toEqual([
    'cs.CL',
    '-large language models',
    '-like:2510.01234',
  ]);
  expect(withFeedback(TOPICS, '2510.01234', 'none')).toEqual(['cs.CL', '-large language models']);
});

test('a paper that was pasted as a link is the same paper', () => {
  const pasted = ['https://arxiv.org/abs/2510.01234v3', '-arxiv.org/abs/2510.04321'];
  expect(withFeedback(pasted, '2510.01234', 'none')).toEqual(['-arxiv.org/abs/2510.04321']);
  expect(feedbackOn(pasted, '2510.01234')).toBe('more');
  expect(feedbackOn(pasted, '2510.04321')).toBe('less');
});

test('in a full list the oldest paper makes room, and what was typed as words stays', () => {
  const words = Array.from({ length: MOST_TOPICS - 2 }, (_, index) => `word${index}`);
  const full = ['like:2510.00001', ...words, '-like:2510.00002'];
  expect(withFeedback(full, '2510.00003', 'more')).toEqual([...words, '-like:2510.00002', 'like:2510.00003']);
  const onlyWords = Array.from({ length: MOST_TOPICS }, (_, index) => `word${index}`);
  expect(withFeedback(onlyWords, '2510.00003', 'more')).toBeUndefined();
});

test('what was said last is what is known, for every order of words', () => {
  const said = fc.record({
    id: fc.constantFrom('2510.00001', '2510.00002', '2510.00003'),
    feedback: fc.constantFrom<Feedback>('more', 'less', 'none'),
  });
  fc.assert(
    fc.property(fc.array(said), (all) => {
      let topics: readonly string[] = ['cs.CL'];
      for (const { id, feedback } of all) topics = withFeedback(topics, id, feedback) ?? topics;
      for (const [id, words] of Map.groupBy(all, (one) => one.id))
        expect(feedbackOn(topics, id)).toBe(words.at(-1)?.feedback);
      expect(topics).toContain('cs.CL');
    }),
  );
});
