import type { Core } from '../core.ts';
import type { Secrets } from '../db/secrets.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { HOUR } from '../domain/time.ts';
import { readToken, type TokenPayload, type TokenPurpose } from '../domain/token.ts';
import { findSubscriber } from './subscribers-table.ts';
import { CONFIRM_LIMIT, WISH_LIMIT } from './tidy.ts';

/** How long a link is good that must grow old; a mail may be deferred for a while. */
const LIMITS = new Map<TokenPurpose, number>([
  ['confirm', CONFIRM_LIMIT],
  ['manage', 4 * HOUR],
  ['erase', 4 * HOUR],
  ['address', WISH_LIMIT],
]);

/** What a link says, if we made it. */
export function payloadOf(secrets: Secrets, purpose: TokenPurpose, token: string): TokenPayload | undefined {
  return readToken(purpose === 'unsubscribe' ? secrets : secrets.slice(0, 1), purpose, token);
}

/**
 * Whom a link speaks of; `undefined` when it is forged, out of date or its subscriber is gone. Unsubscribe links work
 * for ever: with every secret ever used and every version. Others with the current ones.
 */
export async function subscriberOf(
  { store, clock }: Core,
  secrets: Secrets,
  purpose: TokenPurpose,
  token: string,
): Promise<Subscriber | 'expired' | undefined> {
  const claim = payloadOf(secrets, purpose, token);
  if (claim === undefined) return undefined;
  const subscriber = await findSubscriber(store.readOnly, claim.subscriberId);
  if (subscriber === undefined || purpose === 'unsubscribe') return subscriber;
  if (claim.version !== subscriber.tokenVersion) return undefined;
  const limit = LIMITS.get(purpose);
  if (limit === undefined) return subscriber;
  if (claim.issuedAt === undefined) return undefined;
  return claim.issuedAt + limit < clock() ? 'expired' : subscriber;
}
