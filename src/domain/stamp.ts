import { type Instant, SECOND } from './time.ts';
import { isSigned, signature } from './token.ts';

/** A person needs longer than this to fill in a form; a script that posts at once does not. */
const STAMP_MIN_AGE = SECOND;

/**
 * What a sign-up form carries to show that it was fetched before it was sent: `ISSUED.MAC`, milliseconds in base
 * 36, signed. Pages are cached and shared, so a stamp names nobody and may be used more than once.
 */
export function makeStamp(secret: string, now: Instant): string {
  const issued = now.toString(36);
  return `${issued}.${signature(secret, 'stamp', issued)}`;
}

/**
 * @param maxAge in milliseconds
 * @returns `early` for a good stamp that is not old enough yet, `none` for one that is forged, expired or missing
 */
export function checkStamp(
  secret: string,
  stamp: string,
  now: Instant,
  maxAge: number,
): 'good' | 'early' | 'none' {
  const match = /^([0-9a-z]{1,9})\.([\w-]{27})$/.exec(stamp);
  const [, issued = '', given = ''] = match ?? [];
  if (!match || !isSigned(secret, 'stamp', issued, given)) return 'none';
  const age = now - Number.parseInt(issued, 36);
  if (age > maxAge) return 'none';
  return age < STAMP_MIN_AGE ? 'early' : 'good';
}
