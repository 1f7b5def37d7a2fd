import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';

/** A connection to an address that only this machine or its network should reach. */
export class AddressRefused extends Error {
  constructor(host: string, address: string) {
    const which = host === address ? address : `${host} is ${address}, which`;
    super(`${which} is not a public address (ALLOW_PRIVATE_FEEDS=true permits it)`);
    this.name = 'AddressRefused';
  }
}

/**
 * Whether the address is one of the public Internet: not loopback, private, link-local, metadata,
 * unspecified, multicast, reserved or carrier-grade NAT; IPv4 inside IPv6 (mapped, or RFC 6052) is judged as IPv4.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6 && parsed.range() === 'rfc6052') {
    return new ipaddr.IPv4(parsed.toByteArray().slice(12)).range() === 'unicast';
  }
  return parsed.range() === 'unicast';
}

/**
 * A connector for undici that looks at the address it is about to connect to: after DNS, in the same
 * look-up that the socket uses (a second one could answer otherwise), and for literals, for which the
 * socket asks no look-up at all.
 */
export function guardedConnector(allowPrivate: boolean): buildConnector.connector {
  if (allowPrivate) return buildConnector({});
  const connect = buildConnector({ lookup: guardedLookup } as buildConnector.BuildOptions);
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isPublicAddress(host)) callback(new AddressRefused(host, host), null);
    else connect(options, callback);
  };
}

const guardedLookup: LookupFunction = (host, options, callback) => {
  dnsLookup(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return callback(error, '', 0);
    const refused = addresses.find(({ address }) => !isPublicAddress(address));
    const first = addresses[0];
    if (refused || !first) {
      return callback(new AddressRefused(host, refused?.address ?? 'unknown'), '', 0);
    }
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};
