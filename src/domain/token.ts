import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from './time.ts';

/** What a link may do. A token made for one purpose is worthless for another. */
export type TokenPurpose = 'confirm' | 'unsubscribe' | 'preferences';

/**
 * Makes the opaque part of a link: `ID[.ISSUED].MAC`, ids and seconds in base 36, the MAC 160 bits of
 * HMAC-SHA-256 in base64url. It holds no address and cannot be made without the secret.
 * @param issuedAt only for tokens that must grow old (confirm)
 */
export function makeToken(
  secret: string,
  purpose: TokenPurpose,
  subscriberId: number,
  issuedAt?: Instant,
): string {
  const body = [subscriberId.toString(36)];
  if (issuedAt !== undefined) body.push(Math.floor(issuedAt / 1000).toString(36));
  return [...body, mac(secret, purpose, body.join('.'))].join('.');
}

/** What a valid token says; `undefined` when it was not made with one of the secrets for the purpose. */
export function readToken(
  secrets: readonly string[],
  purpose: TokenPurpose,
  token: string,
): { subscriberId: number; issuedAt?: Instant } | undefined {
  const match = /^([0-9a-z]{1,11})(?:\.([0-9a-z]{1,9}))?\.([\w-]{27})$/.exec(token);
  if (!match) return undefined;
  const [, id = '', issued, given = ''] = match;
  const body = issued === undefined ? id : `${id}.${issued}`;
  if (!secrets.some((secret) => sameText(mac(secret, purpose, body), given))) return undefined;
  const subscriberId = Number.parseInt(id, 36);
  return issued === undefined
    ? { subscriberId }
    : { subscriberId, issuedAt: Number.parseInt(issued, 36) * 1000 };
}

function mac(secret: string, purpose: TokenPurpose, body: string): string {
  return createHmac('sha256', secret)
    .update(`${purpose}\n${body}`)
    .digest()
    .subarray(0, 20)
    .toString('base64url');
}

function sameText(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
