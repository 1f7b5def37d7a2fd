import { addDays, type Day, startOfDayUtc } from '../domain/day.ts';
import { DAY_NAMES, type Days, EVERY_DAY, isWeekly, WEEKDAYS } from '../domain/days.ts';
import type { Instant } from '../domain/time.ts';

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' });
const WEEKDAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' });
const LIST = new Intl.ListFormat('en-GB');

/** The seven days as forms name and people read them, Monday first. */
export const WEEK = DAY_NAMES.map((value, index) => ({
  value,
  // 1 January 2024 was a Monday.
  label: WEEKDAY.format(Date.UTC(2024, 0, 1 + index)),
}));

/** `Wednesday, 19 August 2026` */
export function longDate(day: Day): string {
  return DATE.format(startOfDayUtc(day));
}

/** `Week of 16 to 22 August 2026`: the seven days before a weekly issue's own. */
export function weekInWords(day: Day): string {
  return `Week of ${daysBetween(addDays(day, -7), addDays(day, -1))}`;
}

/** `19 August 2026` */
export function dayInWords(day: Day): string {
  return DAY.format(startOfDayUtc(day));
}

/** `17 – 23 August 2026` */
export function daysBetween(first: Day, last: Day): string {
  return DAY.formatRange(startOfDayUtc(first), startOfDayUtc(last));
}

/** `August 2026` */
export function monthOf(day: Day): string {
  return MONTH.format(startOfDayUtc(day));
}

/** `Thursday, 20 August 2026 at 05:00 UTC` */
export function longMoment(at: Instant): string {
  return `${DATE.format(at)} at ${TIME.format(at)} UTC`;
}

/** `every day`, `on Monday and Friday` */
export function daysInWords(days: Days): string {
  if (isWeekly(days)) return 'once a week';
  if (days === EVERY_DAY) return 'every day';
  if (days === WEEKDAYS) return 'Monday to Friday';
  return `on ${LIST.format(WEEK.filter((_, index) => days & (1 << index)).map((day) => day.label))}`;
}
