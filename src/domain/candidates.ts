import { addDays, type Day, startOfDayUtc } from './day.ts';
import type { SeenEntry } from './entry.ts';
import type { Instant } from './time.ts';

/** Over how many days before its own date an issue looks back. */
export const WINDOW_DAYS = 7;

export function firstDayOf(date: Day): Day {
  return addDays(date, -WINDOW_DAYS);
}

/**
 * Tells whether an issue may choose an entry: listed on one of the seven days before its date, or on the date itself
 * if it was there by the freezing moment; one without a listing day counts from when it was first seen.
 * @param asOf the freezing moment: what is dated later does not exist yet
 */
export function candidateTest(date: Day, asOf: Instant): (entry: SeenEntry) => boolean {
  const firstDay = firstDayOf(date);
  const firstMoment = startOfDayUtc(firstDay);
  return ({ listedOn, firstSeenAt, publishedAt = asOf }) => {
    const exists = firstSeenAt <= asOf && publishedAt <= asOf;
    if (listedOn === undefined) return exists && firstSeenAt >= firstMoment;
    if (listedOn < firstDay || listedOn > date) return false;
    return listedOn < date || exists;
  };
}
