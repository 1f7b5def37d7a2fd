import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../src/domain/address.ts';
import { mailboxKey, mailHost } from '../../src/domain/mailbox.ts';

const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const tag = fc.stringMatching(/^[a-z0-9]{1,8}$/);

/** The letters of a name with some of the marks between them. */
const dotted = (marks: string) =>
  fc
    .tuple(word, fc.array(fc.constantFrom('', ...marks), { minLength: 12, maxLength: 12 }))
    .map(([name, gaps]) => ({
      name,
      written: [...name].map((letter, index) => (index === 0 ? '' : gaps[index]) + letter).join(''),
    }));

describe('one mailbox', () => {
  test.each([
    ['ada@gmail.com', 'A.d.a+papers@googlemail.com'],
    ['vic@proton.me', 'v.ic@proton.me'],
    ['vic@proton.me', 'V_i-c+x@pm.me'],
    ['x@vic.fastmail.com', 'y@vic.fastmail.com'],
    ['x@vic.user.fastmail.com', 'y@vic.user.fastmail.com'],
    ['vic@fastmail.com', 'anything@vic.fastmail.com'],
    ['joe_citizen@fastmail.com', 'shop@joe-citizen.fastmail.com'],
    ['ada@icloud.com', 'ada+x@me.com'],
    ['ada-shop@yahoo.com', 'ada-bank@yahoo.com'],
    ['ada@example.org', 'ADA+x@Example.org'],
  ])('is %s and %s', (one, other) => {
    expect(mailboxKey(one)).toBe(mailboxKey(other));
  });

  test.each([
    ['ada@gmail.com', 'bea@gmail.com'],
    ['a.da@example.org', 'ada@example.org'],
    ['a.da@outlook.com', 'ada@outlook.com'],
    ['ada@outlook.com', 'ada@hotmail.com'],
    ['ada-x@example.org', 'ada@example.org'],
    ['x@ada.example.org', 'y@ada.example.org'],
    ['ada@fastmail.com', 'ada@fastmail.fm'],
  ])('is not %s and %s', (one, other) => {
    expect(mailboxKey(one)).not.toBe(mailboxKey(other));
  });

  test('is one however its owner may write it, where the provider says what makes no difference', () => {
    const providers = [
      { domains: ['gmail.com', 'googlemail.com', 'GMail.com'], marks: '.' },
      { domains: ['proton.me', 'protonmail.com', 'pm.me'], marks: '._-' },
      { domains: ['icloud.com', 'me.com', 'mac.com'], marks: '' },
    ];
    for (const { domains, marks } of providers)
      fc.assert(
        fc.property(dotted(marks), tag, fc.constantFrom(...domains), ({ name, written }, tag, domain) => {
          const address = `${written.toUpperCase()}+${tag}@${domain}`;
          if (parseAddress(address) === undefined) return;
          expect(mailboxKey(address)).toBe(mailboxKey(`${name}@${domains[0]}`));
        }),
      );
  });

  test('is its own key, and two names at one domain that differ in a letter are never one', () => {
    const domain = fc.constantFrom('example.org', 'gmail.com', 'proton.me', 'fastmail.com', 'yahoo.com');
    fc.assert(
      fc.property(word, word, domain, (one, other, domain) => {
        const [first, second] = [mailboxKey(`${one}@${domain}`), mailboxKey(`${other}@${domain}`)];
        expect(mailboxKey(first)).toBe(first);
        expect(first === second).toBe(one === other);
      }),
    );
  });
});

describe('who runs a mailbox', () => {
  test('is whoever registered the domain, whatever the subdomain', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 3 }), (labels) => {
        const host = [...labels, 'victim', 'example'].join('.');
        expect(mailHost(`x@${host}`)).toEqual({ domain: 'victim.example', isProvider: false });
      }),
    );
    expect(mailHost('x@mail.victim.co.uk').domain).toBe('victim.co.uk');
    expect(mailHost('x@one.dyndns.org').domain).not.toBe(mailHost('x@two.dyndns.org').domain);
  });

  test('is one large provider for all of its domains', () => {
    expect(mailHost('a@googlemail.com')).toEqual({ domain: 'gmail.com', isProvider: true });
    expect(mailHost('a@msn.com')).toEqual(mailHost('b@hotmail.co.uk'));
    expect(mailHost('x@vic.fastmail.com')).toEqual({ domain: 'fastmail.com', isProvider: true });
    expect(mailHost('a@gmail.com.example.org')).toEqual({ domain: 'example.org', isProvider: false });
  });
});
