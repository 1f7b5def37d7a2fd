import type { Instant } from '../domain/time.ts';
import { makeToken, type TokenPurpose } from '../domain/token.ts';
import { type ReturnedMail, returnPath } from '../domain/verp.ts';
import type { App } from './wire.ts';

export type LinkOptions = {
  /** The reader's; see `TokenClaim`. */
  readonly version?: number;
  /** For links that must grow old. */
  readonly issuedAt?: Instant;
};

/** The address of a page that acts for one reader. */
export function linkFor(
  app: App,
  purpose: TokenPurpose,
  subscriberId: number,
  { version = 0, issuedAt }: LinkOptions = {},
): string {
  const claim = { subscriberId, version, ...(issuedAt !== undefined && { issuedAt }) };
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
