import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import type { Secrets } from '../db/secrets.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { addNotice } from '../ledger/notices.ts';
import { leaveLimits } from './form-limits.ts';
import { countRequest } from './sign-up-limits.ts';

/**
 * Mails a subscriber the link by which they leave, because a mail in their name asks for it. Anybody can write such a mail,
 * so nothing else happens, and beyond the limits nothing at all.
 */
export async function mailLeaveLink(
  core: Core,
  secrets: Secrets,
  trx: Trx,
  subscriber: Subscriber,
): Promise<void> {
  const now = core.clock();
  const limits = leaveLimits({ config: core.config, secrets }, subscriber.email);
  const counted = await countRequest(trx, limits, now);
  if (counted.ok && !counted.quietlyFull) await addNotice(trx, 'leave', subscriber, now);
}
