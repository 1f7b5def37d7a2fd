import type { Core } from '../core.ts';
import type { Secrets } from '../db/secrets.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { wantedAddress } from './address-change.ts';
import { claimOf, readerOf } from './tokens.ts';

/** The subscriber of a link that was mailed to a new address, and that address. */
export type ProvedAddress = { readonly reader: Subscriber; readonly address: string };

/** Changes nothing. @returns `expired` also when the subscriber has asked for a different address since */
export async function findProvedAddress(
  core: Core,
  secrets: Secrets,
  token: string,
): Promise<ProvedAddress | 'expired' | undefined> {
  const reader = await readerOf(core, secrets, 'address', token);
  if (typeof reader !== 'object') return reader;
  const about = claimOf(secrets, 'address', token)?.about;
  const address = await wantedAddress(core.store.readOnly, secrets, reader, about);
  return address === undefined ? 'expired' : { reader, address };
}
