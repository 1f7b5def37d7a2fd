import type { App } from '../app.ts';
import { addressKey } from '../domain/address.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Instant } from '../domain/time.ts';
import { makeToken, signature, type TokenPurpose } from '../domain/token.ts';
import { type ReturnedMail, returnPath } from '../domain/verp.ts';

export type LinkOptions = {
  /** The reader's; see `TokenClaim`. */
  readonly version?: number;
  /** For links that must grow old. */
  readonly issuedAt?: Instant;
  /** See `TokenClaim`. */
  readonly about?: string;
};

/** Ties a link to the address it is mailed to, so that it is never valid for another address. */
export function aboutAddress(app: App, email: string): string {
  return signature(app.secrets[0], 'about address', addressKey(email)).slice(0, 16);
}

/** Ties a confirm link to the unsubscription it would undo; `undefined` for a reader who has never unsubscribed. */
export function aboutLeaving(leftAt: Instant): string | undefined {
  return leftAt === 0 ? undefined : leftAt.toString(36);
}

/**
 * Whether a confirm link would subscribe the reader: a pending one always, an unsubscribed one only if the link was made
 * after they unsubscribed. A suppressed address never comes back this way.
 */
export function isOpenedBy(about: string | undefined, { state }: Subscriber, leftAt: Instant): boolean {
  return state === 'pending' || (state === 'unsubscribed' && leftAt > 0 && about === aboutLeaving(leftAt));
}

/** The address of a page that acts for one reader. */
export function linkFor(
  app: App,
  purpose: TokenPurpose,
  subscriberId: number,
  { version = 0, issuedAt, about }: LinkOptions = {},
): string {
  const dated = { ...(issuedAt !== undefined && { issuedAt }), ...(about !== undefined && { about }) };
  const claim = { subscriberId, version, ...dated };
  return `${app.config.SITE_URL}/${purpose}/${makeToken(app.secrets[0], purpose, claim)}`;
}

/** The envelope sender of one mail, where BOUNCE_ADDRESS asks for one of its own. */
export function returnPathOf(app: App, mail: ReturnedMail): { returnPath?: string } {
  const { BOUNCE_ADDRESS } = app.config;
  return BOUNCE_ADDRESS === undefined ? {} : { returnPath: returnPath(app.secrets[0], BOUNCE_ADDRESS, mail) };
}

/** The links in a mail by which its reader leaves or changes what they get. */
export function readerLinks(app: App, subscriberId: number, version = 0) {
  return {
    unsubscribeUrl: linkFor(app, 'unsubscribe', subscriberId, { version }),
    preferencesUrl: linkFor(app, 'preferences', subscriberId, { version }),
  };
}
