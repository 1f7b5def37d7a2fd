import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findTag, mailTag, type ReturnedMail, returnPath } from '../../src/domain/verp.ts';

const id = fc.nat(2 ** 40);
const mail: fc.Arbitrary<ReturnedMail> = fc.oneof(
  fc.record({ table: fc.constant('notices' as const), id }),
  fc.record({ table: fc.constant('deliveries' as const), issueId: id, subscriberId: id }),
);
const addresses = fc.constantFrom(
  'bounces@papers.example.org',
  '*@papers.example.org',
  'b-*@papers.example.org',
);

test('a return path says which mail it was made for, in any letter case and with any secret still known', () => {
  fc.assert(
    fc.property(mail, addresses, (which, bounceAddress) => {
      const address = returnPath(bounceAddress, mailTag('old', which));
      expect(address).toMatch(/^[a-z0-9+-]+@papers\.example\.org$/);
      expect(findTag(['new', 'old'], address)).toEqual(which);
      expect(findTag(['old'], `<${address.toUpperCase()}>`)).toEqual(which);
      expect(findTag(['new'], address)).toBeUndefined();
    }),
  );
});

test('a tag is found in a Message-ID, and behind others that are not ours', () => {
  const which = { table: 'deliveries', issueId: 7, subscriberId: 8 } as const;
  const tag = mailTag('s', which);
  expect(findTag(['s'], `<${tag}@papers.example.org>`)).toEqual(which);
  expect(findTag(['s'], `${mailTag('x', which)} ${tag}`)).toEqual(which);
  expect(findTag(['s'], `a${tag}`)).toBeUndefined();
  expect(findTag(['s'], `${tag}0`)).toBeUndefined();
});

test('for a million issues and a billion subscribers it fits the 64 characters of a local part', () => {
  const which = { table: 'deliveries', issueId: 1e6, subscriberId: 1e9 } as const;
  const address = returnPath(`${'b'.repeat(24)}@papers.example.org`, mailTag('s', which));
  expect(address.lastIndexOf('@')).toBeLessThanOrEqual(64);
});

test('a path with anything changed says nothing', () => {
  const address = returnPath(
    'bounces@papers.example.org',
    mailTag('s', { table: 'deliveries', issueId: 7, subscriberId: 8 }),
  );
  for (const forged of [
    address.replace('d-7-8', 'd-7-9'),
    address.replace('d-7-8', 'n-7'),
    address.replace(/[0-9a-f]@/, 'x@'),
    'bounces@papers.example.org',
    'bounces+d-7-8@papers.example.org',
    '',
  ]) {
    expect(findTag(['s'], forged)).toBeUndefined();
  }
});
