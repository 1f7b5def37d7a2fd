import type { Config } from '../config/load.ts';
import type { Secrets } from '../db/secrets.ts';
import { addressKey } from '../domain/address.ts';
import { startOfDayUtc } from '../domain/day.ts';
import type { Issue } from '../domain/issue.ts';
import { issueSlug } from '../domain/slug.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Instant } from '../domain/time.ts';
import { makeToken, signature, type TokenPurpose } from '../domain/token.ts';
import { mailTag, type ReturnedMail, returnPath } from '../domain/verp.ts';

/** What a link is made of and signed with. */
export type LinkTools = { readonly config: Config; readonly secrets: Secrets };

export type LinkOptions = {
  /** The subscriber's; see `TokenPayload`. */
  readonly version?: number;
  /** For links that must grow old. */
  readonly issuedAt?: Instant;
  /** See `TokenPayload`. */
  readonly about?: string;
};

/** Ties a link to the address it is mailed to, so that it is never valid for another address. */
export function aboutAddress([secret]: Secrets, email: string): string {
  return signature(secret, 'about address', addressKey(email)).slice(0, 16);
}

/** Ties a confirm link to the unsubscription it would undo; `undefined` for a subscriber who has never unsubscribed. */
export function aboutLeaving(leftAt: Instant): string | undefined {
  return leftAt === 0 ? undefined : leftAt.toString(36);
}

/**
 * Whether a confirm link would subscribe the subscriber: a pending one always, an unsubscribed one only if the link was made
 * after they unsubscribed. The same goes for a suppressed one, whose owner gets such a link only after a while.
 */
export function isOpenedBy(about: string | undefined, { state }: Subscriber, leftAt: Instant): boolean {
  const hasLeft = state === 'unsubscribed' || state === 'suppressed';
  return state === 'pending' || (hasLeft && leftAt > 0 && about === aboutLeaving(leftAt));
}

/** The address of a page that acts for one subscriber. */
export function linkFor(
  { config, secrets }: LinkTools,
  purpose: TokenPurpose,
  subscriberId: number,
  { version = 0, issuedAt, about }: LinkOptions = {},
): string {
  const dated = { ...(issuedAt !== undefined && { issuedAt }), ...(about !== undefined && { about }) };
  const claim = { subscriberId, version, ...dated };
  return `${config.SITE_URL}/${purpose}/${makeToken(secrets[0], purpose, claim)}`;
}

/** The last part of such an address, for a link on a page whose visitor has already proved who they are. */
export function tokenFor(
  [secret]: Secrets,
  purpose: TokenPurpose,
  { id, tokenVersion }: Subscriber,
  issuedAt?: Instant,
): string {
  const dated = issuedAt === undefined ? {} : { issuedAt };
  return makeToken(secret, purpose, { subscriberId: id, version: tokenVersion, ...dated });
}

/** What names one mail wherever it comes back: its tag, and its envelope sender where BOUNCE_ADDRESS asks for one of its own. */
export function mailNames(
  { config, secrets }: LinkTools,
  mail: ReturnedMail,
): { tag: string; returnPath?: string } {
  const tag = mailTag(secrets[0], mail);
  const { BOUNCE_ADDRESS } = config;
  return { tag, ...(BOUNCE_ADDRESS !== undefined && { returnPath: returnPath(BOUNCE_ADDRESS, tag) }) };
}

/** The link in an issue's mail to the page where its subscriber says which papers they want more, or less, of. */
export function feedbackLink(
  tools: LinkTools,
  subscriberId: number,
  version: number,
  issue: Pick<Issue, 'kind' | 'date'>,
): string {
  if (tools.config.pages === 'none') return '';
  const issuedAt = startOfDayUtc(issue.date);
  return linkFor(tools, 'feedback', subscriberId, { version, issuedAt, about: issueSlug(issue) });
}

/**
 * The links in a mail by which its subscriber leaves or changes what they get. Without pages they leave by a mail, whose
 * subject has the token of the link.
 */
export function subscriberLinks(tools: LinkTools, subscriberId: number, version = 0) {
  if (tools.config.pages === 'none') {
    const token = makeToken(tools.secrets[0], 'unsubscribe', { subscriberId, version });
    const unsubscribeUrl = `mailto:${tools.config.UNSUBSCRIBE_ADDRESS}?subject=unsubscribe%20${token}`;
    return { unsubscribeUrl, preferencesUrl: '' };
  }
  return {
    unsubscribeUrl: linkFor(tools, 'unsubscribe', subscriberId, { version }),
    preferencesUrl: linkFor(tools, 'preferences', subscriberId, { version }),
  };
}
