import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';
import type { Client } from '../subscribers/form-limits.ts';

/** Who asks: the peer, or, where proxies are trusted, whom the last one that we trust names. */
export function clientOf(c: Context, trusted: readonly string[]): Client {
  return clientBehind(peerOf(c), c.req.header('X-Forwarded-For') ?? '', trusted);
}

/**
 * X-Forwarded-For is read from its end, where the proxies next to us wrote: each address counts only if the one
 * after it is trusted, so what a visitor put there before counts for nothing.
 * @param trusted CIDR ranges
 */
export function clientBehind(peer: string, forwarded: string, trusted: readonly string[]): Client {
  const ranges = trusted.map((range) => ipaddr.parseCIDR(range));
  const hops = forwarded.split(',').map((hop) => hop.trim());
  let found = parsed(peer);
  while (found && hops.length > 0 && ranges.some((range) => within(found, range))) {
    const next = parsed(hops.pop() ?? '');
    if (next === undefined) break;
    found = next;
  }
  return counted(found);
}

/**
 * Detects a proxy that TRUST_PROXY does not cover, so that all its visitors count as one.
 * @returns the address of a peer that sends X-Forwarded-For without being trusted
 */
export function untrustedProxy(c: Context, trusted: readonly string[]): string | undefined {
  if (c.req.header('X-Forwarded-For') === undefined) return undefined;
  const peer = parsed(peerOf(c));
  const isTrusted = trusted.some((range) => within(peer, ipaddr.parseCIDR(range)));
  return isTrusted ? undefined : peer?.toString();
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

function peerOf(c: Context): string {
  // A request that came over no socket, as in a test, has no address.
  return c.env?.incoming ? (getConnInfo(c).remote.address ?? '') : '';
}

/** With a port, as some proxies write it; an IPv4 address inside IPv6 is the IPv4 address. */
function parsed(text: string): Address | undefined {
  const bare = text.replace(/^\[(.+)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined;
}

function within(address: Address | undefined, range: [Address, number]): boolean {
  return address !== undefined && address.kind() === range[0].kind() && address.match(range);
}

function counted(address: Address | undefined): Client {
  if (address === undefined) return { address: 'unknown', prefix: 'unknown' };
  if (address instanceof ipaddr.IPv4) return { address: address.toString(), prefix: network(address, 24) };
  return { address: network(address, 64), prefix: network(address, 48) };
}

function network(address: Address, bits: number): string {
  const bytes = address.toByteArray().map((byte, index) => byte & mask(bits - index * 8));
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`;
}

function mask(bits: number): number {
  return bits >= 8 ? 255 : bits <= 0 ? 0 : (255 << (8 - bits)) & 255;
}
