import { type Day, weekday } from './day.ts';

/**
 * On which days a subscriber wants mail: a bit per weekday, Monday = 1, Tuesday = 2 … Sunday = 64; or
 * `WEEKLY` (128), which is one mail a week and no daily one.
 */
export type Days = number;

export const EVERY_DAY: Days = 127;
export const WEEKDAYS: Days = 31;
export const WEEKLY: Days = 128;
export const DAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Reads the CSV form: empty = every day, `weekdays`, `weekly`, or `mon wed fri`. */
export function parseDays(text: string): Days | undefined {
  const words = text
    .trim()
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter(Boolean);
  if (words.length === 0) return EVERY_DAY;
  if (words.length === 1 && words[0] === 'weekdays') return WEEKDAYS;
  if (words.length === 1 && words[0] === 'weekly') return WEEKLY;
  let days = 0;
  for (const word of words) {
    const index = (DAY_NAMES as readonly string[]).indexOf(word);
    if (index < 0) return undefined;
    days |= 1 << index;
  }
  return days;
}

/** The CSV form: what `parseDays` reads back as the same value. */
export function formatDays(days: Days): string {
  if (days === EVERY_DAY) return '';
  if (days === WEEKDAYS) return 'weekdays';
  if (days === WEEKLY) return 'weekly';
  return DAY_NAMES.filter((_, index) => days & (1 << index)).join(' ');
}

/** Whether a value is days that a subscriber may choose: some of the week, or `WEEKLY`. */
export function isDays(value: unknown): value is Days {
  return Number.isInteger(value) && (value === WEEKLY || (Number(value) >= 1 && Number(value) <= EVERY_DAY));
}

/** The bit of the weekday that the day falls on. */
export function dayBit(day: Day): Days {
  return 1 << (weekday(day) - 1);
}

export function isWeekly(days: Days): boolean {
  return days === WEEKLY;
}
