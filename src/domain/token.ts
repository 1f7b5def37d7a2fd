import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from './time.ts';

/**
 * What a link may do. A token made for one purpose is worthless for another. `unsubscribe`: leave, or one mail a
 * week. `preferences`: when the mail comes and what is in it. `feedback`: say of an issue's papers whether more like them
 * are wanted. `manage`: change the address, take one's data;
 * `address`: prove a new address; `erase`: be forgotten. These three and `confirm` grow old.
 */
export const TOKEN_PURPOSES = [
  'confirm',
  'unsubscribe',
  'preferences',
  'feedback',
  'manage',
  'address',
  'erase',
] as const;

export type TokenPurpose = (typeof TOKEN_PURPOSES)[number];

/** What a token says. */
export type TokenPayload = {
  readonly subscriberId: number;
  /** The subscriber's `tokenVersion` when the link was made: a newer one makes it worthless, but for unsubscribing. */
  readonly version: number;
  /** Only in tokens that must grow old; whole seconds survive. */
  readonly issuedAt?: Instant;
  /**
   * State that the link acts on and that can change without the version: the address to confirm, or the unsubscription to
   * undo. If a link did not name it, its meaning could change after it was mailed. At most 16 characters.
   */
  readonly about?: string;
};

/**
 * Makes the opaque part of a link: `ID[-VERSION][.ISSUED[.ABOUT]].MAC`, numbers in base 36, the moment in seconds, the
 * MAC 160 bits of HMAC-SHA-256 in base64url. It holds no address and cannot be made without the secret.
 */
export function makeToken(secret: string, purpose: TokenPurpose, claim: TokenPayload): string {
  const { subscriberId, version, issuedAt, about } = claim;
  const whose = subscriberId.toString(36) + (version === 0 ? '' : `-${version.toString(36)}`);
  const issued = issuedAt === undefined ? undefined : Math.floor(issuedAt / 1000).toString(36);
  const body = [whose, issued, issued && about].filter(Boolean).join('.');
  return `${body}.${signature(secret, purpose, body)}`;
}

/** What a valid token says; `undefined` when it was not made with one of the secrets for the purpose. */
export function readToken(
  secrets: readonly string[],
  purpose: TokenPurpose,
  token: string,
): TokenPayload | undefined {
  const match =
    /^(([0-9a-z]{1,11})(?:-([0-9a-z]{1,6}))?(?:\.([0-9a-z]{1,9})(?:\.([\w-]{1,16}))?)?)\.([\w-]{27})$/.exec(
      token,
    );
  if (!match) return undefined;
  const [, body = '', id = '', version = '0', issued, about, given = ''] = match;
  if (!secrets.some((secret) => isSigned(secret, purpose, body, given))) return undefined;
  const claim = { subscriberId: Number.parseInt(id, 36), version: Number.parseInt(version, 36) };
  if (issued === undefined) return claim;
  return { ...claim, issuedAt: Number.parseInt(issued, 36) * 1000, ...(about !== undefined && { about }) };
}

/** 160 bits of HMAC-SHA-256 over a purpose and a text, in base64url: 27 characters. */
export function signature(secret: string, purpose: string, text: string): string {
  return createHmac('sha256', secret)
    .update(`${purpose}\n${text}`)
    .digest()
    .subarray(0, 20)
    .toString('base64url');
}

/** Compares in constant time. */
export function isSigned(secret: string, purpose: string, text: string, given: string): boolean {
  const expected = signature(secret, purpose, text);
  return expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}
