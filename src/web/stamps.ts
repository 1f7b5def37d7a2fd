import type { Core } from '../core.ts';
import type { Secrets } from '../db/secrets.ts';
import { makeStamp } from '../domain/stamp.ts';
import { HOUR, SECOND } from '../domain/time.ts';

/** For a form that one visitor is being shown. */
export function freshStamp({ clock }: Pick<Core, 'clock'>, [secret]: Secrets): string {
  return makeStamp(secret, clock());
}

/** For a form on a page that many visitors share: the same for an hour, and old enough to be used at once. */
export function sharedStamp({ clock }: Pick<Core, 'clock'>, [secret]: Secrets): string {
  return makeStamp(secret, clock() - (clock() % HOUR) - SECOND);
}
