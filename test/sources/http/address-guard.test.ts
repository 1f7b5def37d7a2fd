import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../../src/sources/http/address-guard.ts';

/** IANA's registries of special addresses, what RFC 4291 keeps back, and what clouds have for themselves. */
const NOT_PUBLIC: [string, string][] = [
  ['0.0.0.0/8', 'this network'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'carrier-grade NAT; Alibaba has its metadata in it'],
  ['127.0.0.0/8', 'loopback'],
  ['168.63.129.16/32', 'the host of a virtual machine at Azure'],
  ['169.254.0.0/16', 'link-local, the metadata of most clouds'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'protocol assignments; Oracle had its metadata in it'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'AS112'],
  ['192.52.193.0/24', 'AMT'],
  ['192.88.99.0/24', '6to4 relays'],
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'AS112'],
  ['198.18.0.0/15', 'benchmarks'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved, and broadcast'],
  ['::/96', 'unspecified, loopback, and IPv4 as RFC 4291 once had it'],
  ['::ffff:0:0:0/96', 'IPv4 translated (RFC 2765)'],
  ['64:ff9b:1::/48', 'NAT64 of a network of its own'],
  ['100::/64', 'discard'],
  ['100:0:0:1::/64', 'dummy'],
  ['2001::/23', 'protocol assignments'],
  ['2001::/32', 'Teredo'],
  ['2001:1::1/128', 'port control protocol'],
  ['2001:2::/48', 'benchmarks'],
  ['2001:3::/32', 'AMT'],
  ['2001:4:112::/48', 'AS112'],
  ['2001:10::/28', 'ORCHID'],
  ['2001:20::/28', 'ORCHID 2'],
  ['2001:30::/28', 'drones'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4'],
  ['2620:4f:8000::/48', 'AS112'],
  ['3fff::/20', 'documentation'],
  ['4000::/2', 'not given out'],
  ['5f00::/16', 'segment routing'],
  ['8000::/2', 'not given out'],
  ['fc00::/7', 'private'],
  ['fd00:ec2::254/128', 'the metadata of Amazon'],
  ['fd20:ce::254/128', 'the metadata of Google'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local'],
  ['ff00::/8', 'multicast'],
];

const PUBLIC = [
  '1.1.1.1',
  '168.63.129.15',
  '172.32.0.1',
  '192.0.1.1',
  '198.17.255.255',
  '223.255.255.255',
  '2606:4700::1111',
  '2001:4860:4860::8888',
  '2a00:1450::1',
  '::ffff:1.1.1.1',
  '64:ff9b::101:101',
];

/** The first and the last address of a range, and any between. */
function within(range: string): fc.Arbitrary<string> {
  const [base, bits] = ipaddr.parseCIDR(range);
  const bytes = base.toByteArray();
  return fc
    .oneof(
      fc.constant(bytes.map(() => 0)),
      fc.constant(bytes.map(() => 255)),
      fc.array(fc.nat(255), { minLength: bytes.length, maxLength: bytes.length }),
    )
    .map((host) => {
      const mask = (index: number) => 255 >> Math.min(8, Math.max(0, bits - index * 8));
      return ipaddr
        .fromByteArray(bytes.map((byte, index) => byte | ((host[index] ?? 0) & mask(index))))
        .toString();
    });
}

describe('not of the public Internet is', () => {
  test.each(NOT_PUBLIC)('%s: %s', (range) => {
    fc.assert(
      fc.property(within(range), (address) => {
        expect([address, isPublicAddress(address)]).toEqual([address, false]);
      }),
    );
  });

  test('an IPv4 address of these inside IPv6', () => {
    const ranges = NOT_PUBLIC.filter(([range]) => !range.includes(':')).map(([range]) => within(range));
    fc.assert(
      fc.property(fc.oneof(...ranges), (address) => {
        for (const prefix of ['::ffff:', '64:ff9b::', '64:ff9b:1::', '::'])
          expect([prefix, address, isPublicAddress(prefix + address)]).toEqual([prefix, address, false]);
      }),
    );
  });

  test.each(['', 'localhost', 'fe80::1%eth0', '2606:4700::1111%eth0', '1.1.1.1/8'])('%j', (text) => {
    expect(isPublicAddress(text)).toBe(false);
  });
});

test.each(PUBLIC)('%s is of the public Internet', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});
