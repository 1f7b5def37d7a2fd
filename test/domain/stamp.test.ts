import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkStamp, makeStamp } from '../../src/domain/stamp.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';

const NOW = Date.parse('2026-08-19T05:00:00.123Z');

test('a stamp is early for a second, then good until it has grown old', () => {
  const stamp = makeStamp('s', NOW);
  const after = (age: number) => checkStamp('s', stamp, NOW + age, DAY);
  expect([0, SECOND - 1, SECOND, DAY, DAY + 1].map(after)).toEqual([
    'early',
    'early',
    'good',
    'good',
    'none',
  ]);
});

test('a stamp of another secret, of the future or changed in any character is none', () => {
  const stamp = makeStamp('s', NOW);
  const changed = Array.from(
    stamp,
    (letter, at) => stamp.slice(0, at) + (letter === 'x' ? 'y' : 'x') + stamp.slice(at + 1),
  );
  for (const forged of [...changed, '', '.', `${stamp}x`, stamp.slice(1), makeStamp('other', NOW)])
    expect(checkStamp('s', forged, NOW + DAY / 2, DAY), forged).toBe('none');
  expect(checkStamp('s', makeStamp('s', NOW + DAY), NOW, DAY)).not.toBe('good');
});

test('nothing else is a stamp', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(checkStamp('s', text, NOW, DAY)).toBe('none');
    }),
  );
});
