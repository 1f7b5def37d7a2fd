import { addDays, type Day, startOfDayUtc } from '../domain/day.ts';
import { daysBetween } from '../domain/in-words.ts';
import type { Words } from '../domain/language.ts';
import type { Instant } from '../domain/time.ts';

/** `Wednesday, 19 August 2026` */
export function longDate(words: Words, day: Day): string {
  return words.dates({ dateStyle: 'full' }).format(startOfDayUtc(day));
}

/** `Week of 16 – 22 August 2026`: the seven days before a weekly issue's own. */
export function weekInWords(words: Words, day: Day): string {
  return words.say('week.of', { days: daysBetween(words, addDays(day, -7), addDays(day, -1)) });
}

/** `19 August 2026` */
export function dayInWords(words: Words, day: Day): string {
  return words.dates({ dateStyle: 'long' }).format(startOfDayUtc(day));
}

/** `Wed 19` */
export function shortDay(words: Words, day: Day): string {
  return words.dates({ weekday: 'short', day: 'numeric' }).format(startOfDayUtc(day));
}

/** `Wed 19 Aug` */
export function shortDate(words: Words, day: Day): string {
  return words.dates({ weekday: 'short', day: 'numeric', month: 'short' }).format(startOfDayUtc(day));
}

/** `August 2026` */
export function monthOf(words: Words, day: Day): string {
  return words.dates({ month: 'long', year: 'numeric' }).format(startOfDayUtc(day));
}

/** `Thursday, 20 August 2026 at 05:00 UTC` */
export function longMoment(words: Words, at: Instant): string {
  const time = words.dates({ timeStyle: 'short' }).format(at);
  return words.say('web.moment', { day: words.dates({ dateStyle: 'full' }).format(at), time });
}
