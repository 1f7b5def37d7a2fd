import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeToken, readToken, TOKEN_PURPOSES } from '../../src/domain/token.ts';

const NOW = Date.parse('2026-08-19T05:00:00.750Z');

const SEVEN = { subscriberId: 7, version: 0 };

describe('a token', () => {
  test('says whose it is, and when it was made if it must grow old', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TOKEN_PURPOSES),
        fc.maxSafeNat(),
        fc.nat({ max: 2 ** 31 - 1 }),
        fc.string(),
        (purpose, subscriberId, version, secret) => {
          const token = makeToken(secret, purpose, { subscriberId, version });
          expect(readToken([secret], purpose, token)).toEqual({ subscriberId, version });
          expect(encodeURIComponent(token)).toBe(token);
        },
      ),
    );
    const dated = makeToken('s', 'confirm', { ...SEVEN, issuedAt: NOW });
    expect(readToken(['s'], 'confirm', dated)).toEqual({ ...SEVEN, issuedAt: NOW - 750 });
  });

  test('of the first version is as it was before there were versions', () => {
    expect(makeToken('s', 'unsubscribe', SEVEN)).toMatch(/^7\.[\w-]{27}$/);
    expect(makeToken('s', 'unsubscribe', { ...SEVEN, version: 36 })).toMatch(/^7-10\.[\w-]{27}$/);
  });

  test('is good for its purpose and its secrets only', () => {
    const token = makeToken('old', 'unsubscribe', SEVEN);
    expect(readToken(['new', 'old'], 'unsubscribe', token)).toEqual(SEVEN);
    expect(readToken(['new'], 'unsubscribe', token)).toBeUndefined();
    expect(readToken([], 'unsubscribe', token)).toBeUndefined();
    for (const made of TOKEN_PURPOSES) {
      for (const asked of TOKEN_PURPOSES) {
        const read = readToken(['s'], asked, makeToken('s', made, SEVEN));
        expect(read !== undefined, `${made} read as ${asked}`).toBe(made === asked);
      }
    }
  });

  test('cannot be changed in any character, shortened, lengthened or made into another one', () => {
    const token = makeToken('s', 'confirm', { subscriberId: 46_655, version: 3, issuedAt: NOW });
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
      token.replace('-3', ''),
      token.replace('-3', '-2'),
      token.replace('-3', '-03'),
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
