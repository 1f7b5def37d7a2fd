import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearness } from '../../src/ranking/similarity.ts';
import { stemsOf } from '../../src/ranking/terms.ts';
import { decodeVector, encodeVector, similarity, vectorOf } from '../../src/ranking/vector.ts';

const speech = vectorOf('Speech recognition with small models', 'We recognise speech of many speakers.');
const audio = vectorOf('Audio transcription', 'A transcription of voices in noisy audio.');
const proofs = vectorOf('Theorem proving', 'Proofs are searched in a tree of lemmas.');

test('a text is like itself, less like one that shares words, and nothing is like an empty one', () => {
  expect(similarity(speech, speech)).toBeCloseTo(1, 5);
  const other = vectorOf('Recognition of speech', 'Speakers are told apart.');
  expect(similarity(speech, other)).toBeGreaterThan(similarity(speech, proofs));
  expect(similarity(speech, vectorOf('', ''))).toBe(0);
});

test('themes bring together what shares no words', () => {
  expect(similarity(speech, audio)).toBeGreaterThan(similarity(speech, proofs));
});

test('a vector is stored in at most 1.5 kB and read back nearly the same, whatever the text', () => {
  fc.assert(
    fc.property(fc.lorem({ maxCount: 600 }), fc.string(), (abstract, title) => {
      const made = vectorOf(title, abstract);
      const stored = encodeVector(made);
      const read = decodeVector(stored);
      expect(stored.length).toBeLessThanOrEqual(1500);
      expect(read?.terms).toEqual(made.terms);
      if (read !== undefined && made.terms.length > 0)
        expect(similarity(read, made)).toBeCloseTo(similarity(made, made), 2);
    }),
  );
});

test('what another version stored, or nobody, is no vector', () => {
  expect(decodeVector('v0.AAAA')).toBeUndefined();
  expect(decodeVector('v2.QAAA')).toBeUndefined();
  expect(decodeVector('')).toBeUndefined();
});

test('words are told apart from their accents, case, hyphens and plurals alone', () => {
  expect(stemsOf('Schrödinger-Bridges, PROXIES and loss')).toEqual([
    'schrodinger',
    'bridge',
    'proxy',
    'and',
    'loss',
  ]);
  expect(stemsOf('analysis corpus')).toEqual(['analysis', 'corpus']);
});

test('the nearest three liked papers say how near a paper is, or all of fewer', () => {
  expect(nearness([0.1, 0.6, 0.5, 0.4])).toBeCloseTo(0.5, 5);
  expect(nearness([0.2, 0.4])).toBeCloseTo(0.3, 5);
  expect(nearness([])).toBe(0);
});
