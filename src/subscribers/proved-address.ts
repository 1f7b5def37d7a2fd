import type { Core } from '../core.ts';
import type { Secrets } from '../db/secrets.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { wantedAddress } from './address-change.ts';
import { payloadOf, subscriberOf } from './tokens.ts';

/** The subscriber of a link that was mailed to a new address, and that address. */
export type ProvedAddress = { readonly subscriber: Subscriber; readonly address: string };

/** Changes nothing. @returns `expired` also when the subscriber has asked for a different address since */
export async function findProvedAddress(
  core: Core,
  secrets: Secrets,
  token: string,
): Promise<ProvedAddress | 'expired' | undefined> {
  const subscriber = await subscriberOf(core, secrets, 'address', token);
  if (typeof subscriber !== 'object') return subscriber;
  const about = payloadOf(secrets, 'address', token)?.about;
  const address = await wantedAddress(core.store.readOnly, secrets, subscriber, about);
  return address === undefined ? 'expired' : { subscriber, address };
}
