import type { Instant } from './time.ts';

/** A calendar day as `YYYY-MM-DD`, of no zone by itself. Days sort as strings. */
export type Day = string;

/** The day, or `undefined` when the text is not a day of the calendar (2026-02-30 is not). */
export function parseDay(text: string): Day | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString();
  } catch {
    return undefined;
  }
}

export function addDays(day: Day, count: number): Day {
  return Temporal.PlainDate.from(day).add({ days: count }).toString();
}

/** The days from `first` to `last`, both included; empty when `last` is before `first`. */
export function daysBetween(first: Day, last: Day): Day[] {
  const days: Day[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** 1 (Monday) to 7 (Sunday), as ISO 8601 counts. */
export function weekday(day: Day): number {
  return Temporal.PlainDate.from(day).dayOfWeek;
}

/** The day that a clock in `zone` (an IANA name) shows at the moment. */
export function dayAt(at: Instant, zone: string): Day {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** The moment the day begins in UTC. */
export function startOfDayUtc(day: Day): Instant {
  return Date.parse(`${day}T00:00:00Z`);
}

/**
 * Whether the name is a time zone for all that asks for it: `Temporal` plans by it and `Intl` writes by it, and each
 * knows names that the other does not (`PST`, `SystemV/AST4`). Offsets such as `+01:00` are refused: they know no summer.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w+/-]{0,63}$/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The zone that `Intl` takes a name for which `isTimeZone` refuses, as `America/Los_Angeles` for `PST`. */
export function zoneMeant(name: string): string | undefined {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return isTimeZone(timeZone) ? timeZone : undefined;
  } catch {
    return undefined;
  }
}
