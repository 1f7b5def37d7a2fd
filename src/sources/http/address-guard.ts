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

/** All that IANA has given out for the public Internet (RFC 4291 §2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** IPv4 of the public Internet inside IPv6 (RFC 6052); networks translate in ways of their own under 64:ff9b:1::/48. */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
/** Azure's virtual machines reach their host under this address, which looks public. */
const AZURE_HOST = '168.63.129.16';

/**
 * Whether the address is one of the public Internet. What is not known to be is not: in IANA's registries of special
 * addresses ipaddr.js calls the rest `unicast`, which for IPv6 counts only where addresses have been given out.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || address.includes('%')) return false;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return isPublicIPv4(parsed);
  if (parsed.match(NAT64)) return isPublicIPv4(new ipaddr.IPv4(parsed.toByteArray().slice(12)));
  return parsed.match(GLOBAL_UNICAST) && parsed.range() === 'unicast';
}

function isPublicIPv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && address.toString() !== AZURE_HOST;
}

/**
 * Looks at a host that is written as an address.
 * @param host as URLs have it, IPv6 in brackets; names are let through
 * @throws AddressRefused
 */
export function refuseLiteral(host: string): void {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && !isPublicAddress(bare)) throw new AddressRefused(bare, bare);
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
