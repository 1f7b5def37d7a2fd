import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ReturnedMail, readReturnPath, returnPath } from '../../src/domain/verp.ts';

const id = fc.nat(2 ** 40);
const mail: fc.Arbitrary<ReturnedMail> = fc.oneof(
  fc.record({ table: fc.constant('notices' as const), id }),
  fc.record({ table: fc.constant('deliveries' as const), issueId: id, subscriberId: id }),
);

test('a return path says which mail it was made for, in any letter case and with any secret still known', () => {
  fc.assert(
    fc.property(mail, (which) => {
      const address = returnPath('old', 'bounces@papers.example.org', which);
      expect(address).toMatch(/^bounces\+[a-z0-9-]+@papers\.example\.org$/);
      expect(readReturnPath(['new', 'old'], address)).toEqual(which);
      expect(readReturnPath(['old'], address.toUpperCase())).toEqual(which);
      expect(readReturnPath(['new'], address)).toBeUndefined();
    }),
  );
});

test('for a million issues and a billion readers it fits the 64 characters of a local part', () => {
  const which = { table: 'deliveries', issueId: 1e6, subscriberId: 1e9 } as const;
  const address = returnPath('s', `${'b'.repeat(24)}@papers.example.org`, which);
  expect(address.lastIndexOf('@')).toBeLessThanOrEqual(64);
});

test('a path with anything changed says nothing', () => {
  const address = returnPath('s', 'bounces@papers.example.org', {
    table: 'deliveries',
    issueId: 7,
    subscriberId: 8,
  });
  for (const forged of [
    address.replace('d-7-8', 'd-7-9'),
    address.replace('d-7-8', 'n-7'),
    address.replace(/[0-9a-f]@/, 'x@'),
    'bounces@papers.example.org',
    'bounces+d-7-8@papers.example.org',
    '',
  ]) {
    expect(readReturnPath(['s'], forged)).toBeUndefined();
  }
});
