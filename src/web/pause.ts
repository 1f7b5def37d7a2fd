import type { Words } from '../domain/language.ts';
import { DAY, type Instant } from '../domain/time.ts';

const MOST_WEEKS = 12;

/** How long a pause may be, as a select shows it. @param selected a number of weeks, or anything else for none */
export function weeksOfPause({ say }: Words, selected: string) {
  return Array.from({ length: MOST_WEEKS }, (_, index) => {
    const value = String(index + 1);
    return { value, label: say('pref.pause.weeks', { count: index + 1 }), selected: value === selected };
  });
}

/** @param weeks as typed: 0 for no pause @returns the moment that it ends, 0 for none; `undefined` for anything else */
export function pauseOf(weeks: string, now: Instant): Instant | undefined {
  const count = /^\d{1,2}$/.test(weeks) ? Number(weeks) : Number.NaN;
  if (!(count >= 0 && count <= MOST_WEEKS)) return undefined;
  return count === 0 ? 0 : now + count * 7 * DAY;
}
