import type { Instant } from '../../domain/time.ts';
import { unreadDate } from './dates.ts';

/**
 * What to tell of dates that were given and could not be read with certainty: one line for a whole feed, since all of
 * its items write them alike.
 * @param given of each item, every text that should be its date
 */
export function unreadDates(given: readonly (readonly (string | undefined)[])[], now: Instant): string[] {
  const unread = given.flatMap((texts) => unreadDate(texts, now) ?? []);
  const [example] = unread;
  if (example === undefined) return [];
  const count = unread.length === 1 ? 'the date of 1 item' : `the dates of ${unread.length} items`;
  return [`${count} could not be read with certainty, for example "${example.slice(0, 60)}"`];
}
