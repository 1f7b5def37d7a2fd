import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressKey, parseAddress } from '../../src/domain/address.ts';
import { RUNS } from '../support/properties.ts';

test('an address is taken as people write it, with its domain in lower case', () => {
  expect(parseAddress('  Ada.Example+news@Example.ORG ')).toBe('Ada.Example+news@example.org');
  expect(parseAddress("o'neil_{x}@a-b.example")).toBe("o'neil_{x}@a-b.example");
  expect(parseAddress('ada@bücher.example')).toBe('ada@xn--bcher-kva.example');
  expect(parseAddress(`${'a'.repeat(64)}@example.org`)).toBeDefined();
});

test.each([
  '',
  '@',
  'ada',
  'ada@',
  '@example.org',
  'ada@localhost',
  'ada@@example.org',
  'ada@b@example.org',
  'Ada <ada@example.org>',
  '"ada b"@example.org',
  'ada b@example.org',
  '.ada@example.org',
  'ada.@example.org',
  'a..b@example.org',
  'ada@example..org',
  'ada@-a.example',
  'ada@example.org.',
  'ada@127.0.0.1',
  'ada@[127.0.0.1]',
  'ada@0x7f.1',
  'ada@example.org/x',
  'ada@example.org:25',
  'ada@example.org?x',
  'ada@example.org,bob@example.org',
  'ada@example.org\nBcc: bob@example.org',
  'ada\r\nX: y@example.org',
  'ada\u0000@example.org',
  'größe@example.org',
  'ada@exa%6dple.org',
  `${'a'.repeat(65)}@example.org`,
  `ada@${'a'.repeat(64)}.org`,
  `ada@${'a.'.repeat(130)}org`,
])('%j is not an address', (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test('whatever is taken is safe in a header, and is taken again as it is', () => {
  const pieces = fc.constantFrom(
    'a',
    'B',
    '.',
    '-',
    '@',
    'example.org',
    '\r\n',
    ' ',
    '<',
    '"',
    'ü',
    '%',
    ',',
    '\u2028',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const address = parseAddress(text);
      if (address === undefined) return;
      expect(address).toMatch(/^[\x21-\x7e]+$/);
      expect(address).not.toMatch(/[<>",;:\\()[\]]/);
      expect(parseAddress(address)).toBe(address);
    }),
    { numRuns: 10 * RUNS },
  );
});

test('two spellings of one mailbox have one key', () => {
  expect(addressKey('Ada@Example.org')).toBe(addressKey('ada@example.ORG'));
});
