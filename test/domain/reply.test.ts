import { describe, expect, test } from 'vitest';
import { replyShape, withoutAddresses } from '../../src/domain/reply.ts';

describe('two replies say the same', () => {
  test.each([
    [
      'whoever the mail was for',
      '554 5.7.1 <ada@one.example>: Relay access denied',
      '554 5.7.1 <bea.b+x@mail.two.example>: Relay access denied',
    ],
    [
      'whichever machine says it, and when',
      '550 5.7.1 Client host [203.0.113.7] blocked. AS(1450) [AM7EUR03.mail.example 2026-11-27T05:00:01.123Z 08DC2A]',
      '550 5.7.1 Client host [2001:db8::17] blocked. AS(3150) [DB5EUR01.mail.example 2026-11-27T05:00:09.001Z 08DD99]',
    ],
    [
      'with whatever link and id',
      '550 5.1.1 https://help.example.com/?p=NoSuchUser a1-20020a17sm12 - gsmtp',
      '550 5.1.1 https://help.example.com/?p=NoSuchUser q27-40b0wmp.147 - gsmtp',
    ],
    [
      'however it is cut into lines',
      '550-5.1.1 There is no such account. Please try\r\n550 5.1.1 again with another address.',
      '550 5.1.1 There is no such account. Please try again with another address.',
    ],
  ])('%s', (_, one, other) => {
    expect(replyShape(one)).toBe(replyShape(other));
  });

  test.each([
    ['another code', '550 5.1.1 no such user', '554 5.7.1 no such user'],
    ['another detail', '550 5.1.1 refused', '550 5.7.1 refused'],
    ['other words', '550 5.1.1 no such user', '550 5.1.1 sender is not verified'],
  ])('but not with %s', (_, one, other) => {
    expect(replyShape(one)).not.toBe(replyShape(other));
  });

  test('without any words by their codes', () => {
    expect(replyShape('550')).toBe('550');
    expect(replyShape('')).toBe('');
  });
});

test('the addresses that a server quotes are left out, the rest stays', () => {
  expect(withoutAddresses('554 5.7.1 <ada@example.org>: Relay access denied for ada@example.org')).toBe(
    '554 5.7.1 <…>: Relay access denied for <…>',
  );
});
