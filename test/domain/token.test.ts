import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeToken, readToken, type TokenPurpose } from '../../src/domain/token.ts';

const NOW = Date.parse('2026-08-19T05:00:00.750Z');
const PURPOSES: readonly TokenPurpose[] = ['confirm', 'unsubscribe', 'preferences'];

describe('a token', () => {
  test('says whose it is, and when it was made if it must grow old', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PURPOSES),
        fc.maxSafeNat(),
        fc.string(),
        (purpose, subscriberId, secret) => {
          const token = makeToken(secret, purpose, subscriberId);
          expect(readToken([secret], purpose, token)).toEqual({ subscriberId });
          expect(encodeURIComponent(token)).toBe(token);
        },
      ),
    );
    const dated = makeToken('s', 'confirm', 7, NOW);
    expect(readToken(['s'], 'confirm', dated)).toEqual({ subscriberId: 7, issuedAt: NOW - 750 });
  });

  test('is good for its purpose and its secrets only', () => {
    const token = makeToken('old', 'unsubscribe', 7);
    expect(readToken(['new', 'old'], 'unsubscribe', token)).toEqual({ subscriberId: 7 });
    expect(readToken(['new'], 'unsubscribe', token)).toBeUndefined();
    expect(readToken([], 'unsubscribe', token)).toBeUndefined();
    for (const purpose of ['confirm', 'preferences'] as const)
      expect(readToken(['old'], purpose, token)).toBeUndefined();
  });

  test('cannot be changed in any character, shortened, lengthened or made into another one', () => {
    const token = makeToken('s', 'confirm', 46_655, NOW);
    const [id, issued, mac] = token.split('.');
    const forged = [
      ...Array.from(
        token,
        (letter, index) => `${token.slice(0, index)}${letter === 'x' ? 'y' : 'x'}${token.slice(index + 1)}`,
      ),
      token.slice(0, -1),
      `${token}a`,
      `0${token}`,
      `${id}.${mac}`,
      `${id}.${issued}.`,
      `${id}.0${issued}.${mac}`,
      token.toUpperCase(),
      `${token}\n`,
      ` ${token}`,
      '',
      '..',
    ];
    for (const text of forged) expect(readToken(['s'], 'confirm', text), text).toBeUndefined();
  });

  test('is never made of anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(readToken(['s'], 'confirm', text)).toBeUndefined();
      }),
    );
  });
});
