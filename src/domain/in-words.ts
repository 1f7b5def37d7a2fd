import { type Day, startOfDayUtc } from './day.ts';
import type { Words } from './language.ts';
import type { Preferences } from './subscriber.ts';
import { DAY_NAMES, type Days, EVERY_DAY, isWeekly, WEEKDAYS } from './weekdays.ts';

/** `every day`, `on Monday and Friday` */
function daysInWords(words: Words, days: Days): string {
  if (isWeekly(days)) return words.say('days.weekly');
  if (days === EVERY_DAY) return words.say('days.every');
  if (days === WEEKDAYS) return words.say('days.weekdays');
  const chosen = weekdays(words).filter((_, index) => days & (1 << index));
  const list = new Intl.ListFormat(words.locale).format(chosen.map(({ label }) => label));
  return words.say('days.some', { days: list });
}

/** The seven days as forms name and people read them, Monday first. */
export function weekdays({ dates }: Words): { readonly value: string; readonly label: string }[] {
  const names = dates({ weekday: 'long' });
  // 1 January 2024 was a Monday.
  return DAY_NAMES.map((value, index) => ({ value, label: names.format(Date.UTC(2024, 0, 1 + index)) }));
}

/** `every day at 07:00, Berlin time` */
export function rhythmInWords(words: Words, { days, deliverAt, timezone }: Preferences): string {
  const zone = timezone.split('/').at(-1)?.replaceAll('_', ' ') ?? timezone;
  return words.say('days.when', { days: daysInWords(words, days), hour: deliverAt, zone });
}

/** A calendar day as the language writes it. */
export function dayInWords({ dates }: Words, day: Day, shown: Intl.DateTimeFormatOptions): string {
  return dates(shown).format(startOfDayUtc(day));
}

/** `16 – 22 August 2026` */
export function daysBetween({ dates }: Words, first: Day, last: Day): string {
  return dates({ dateStyle: 'long' }).formatRange(startOfDayUtc(first), startOfDayUtc(last));
}
