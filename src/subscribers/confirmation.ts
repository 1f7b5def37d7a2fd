import type { Core } from '../core.ts';
import type { Secrets } from '../db/secrets.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { activate, changePreferences } from './lifecycle.ts';
import { isOpenedBy } from './links.ts';
import { leftAtOf } from './subscribers-table.ts';
import { payloadOf, subscriberOf } from './tokens.ts';

/** The subscriber of a confirm link. */
export type Confirmation = {
  readonly subscriber: Subscriber;
  /** Whether the button would subscribe them: the link is unused and newer than any unsubscription. */
  readonly opens: boolean;
};

/** Changes nothing. @returns `undefined` for a forged link, or one whose subscriber is gone */
export async function findConfirmation(
  core: Core,
  secrets: Secrets,
  token: string,
): Promise<Confirmation | 'expired' | undefined> {
  const subscriber = await subscriberOf(core, secrets, 'confirm', token);
  if (typeof subscriber !== 'object') return subscriber;
  const leftAt = await leftAtOf(core.store.readOnly, subscriber.id);
  return { subscriber, opens: isOpenedBy(payloadOf(secrets, 'confirm', token)?.about, subscriber, leftAt) };
}

/**
 * Activates the subscriber of a link that allows it.
 * @param timezone of their browser, or empty; kept only if they have not chosen one yet
 */
export async function confirm(
  core: Core,
  secrets: Secrets,
  token: string,
  { subscriber }: Confirmation,
  timezone: string,
): Promise<Subscriber | undefined> {
  if (timezone !== '' && isUntouched(core, subscriber))
    await changePreferences(core, subscriber.id, { ...subscriber, timezone });
  return activate(core, subscriber.id, payloadOf(secrets, 'confirm', token)?.about);
}

/** Somebody who has just signed up and has chosen nothing yet. */
function isUntouched({ config }: Core, { state, timezone, consent }: Subscriber): boolean {
  return state === 'pending' && consent === 'form' && timezone === config.DEFAULT_TIMEZONE;
}
