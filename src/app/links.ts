import type { Instant } from '../domain/time.ts';
import { makeToken, type TokenPurpose } from '../domain/token.ts';
import { type ReturnedMail, returnPath } from '../domain/verp.ts';
import type { App } from './wire.ts';

/** The address of a page that acts for one reader. @param issuedAt for links that must grow old (confirm) */
export function linkFor(app: App, purpose: TokenPurpose, subscriberId: number, issuedAt?: Instant): string {
  return `${app.config.SITE_URL}/${purpose}/${makeToken(app.secrets[0], purpose, subscriberId, issuedAt)}`;
}

/** The envelope sender of one mail, where BOUNCE_ADDRESS asks for one of its own. */
export function returnPathOf(app: App, mail: ReturnedMail): { returnPath?: string } {
  const { BOUNCE_ADDRESS } = app.config;
  return BOUNCE_ADDRESS === undefined ? {} : { returnPath: returnPath(app.secrets[0], BOUNCE_ADDRESS, mail) };
}

/** The links in a mail by which its reader leaves or changes what they get. */
export function readerLinks(app: App, subscriberId: number) {
  return {
    unsubscribeUrl: linkFor(app, 'unsubscribe', subscriberId),
    preferencesUrl: linkFor(app, 'preferences', subscriberId),
  };
}
