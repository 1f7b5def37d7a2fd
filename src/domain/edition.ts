import { CronExpressionParser } from 'cron-parser';
import { addDays, type Day, weekday } from './day.ts';
import type { IssueKind } from './issue.ts';
import { instantOf, localTimeAt } from './local-time.ts';
import { DAY, type Instant } from './time.ts';

/**
 * When issues are frozen: a cron line and the zone that it and the issue dates are of. The line is read on the
 * zone's wall clock; a time that the clock skips or repeats is taken as everywhere, so that each date has
 * one freezing moment.
 */
export type IssueClock = { readonly cron: string; readonly timezone: string };

/** The same with the weekday of the weekly issue: 1 (Monday) to 7 (Sunday). */
export type WeekClock = IssueClock & { readonly weeklyOn: number };

/** A future or past issue: its date and the moment when it is frozen. */
export type Edition = { readonly kind: IssueKind; readonly date: Day; readonly freezeAt: Instant };

/** No zone has ever set its clocks by more than a day. */
const LARGEST_CHANGE = { hours: 25 };

/** The newest daily edition whose freezing moment has come. */
export function currentEdition(now: Instant, clock: IssueClock): Edition {
  const times = cronTimes(localTimeAt(now, clock.timezone).add(LARGEST_CHANGE), clock.cron);
  for (;;) {
    const local = times.previous();
    const freezeAt = instantOf(local, clock.timezone);
    if (freezeAt <= now) return { kind: 'daily', date: local.toPlainDate().toString(), freezeAt };
  }
}

/** When the next edition freezes, strictly after the moment. */
export function nextFreeze(now: Instant, clock: IssueClock): Instant {
  const times = cronTimes(localTimeAt(now, clock.timezone).subtract(LARGEST_CHANGE), clock.cron);
  for (;;) {
    const freezeAt = instantOf(times.next(), clock.timezone);
    if (freezeAt > now) return freezeAt;
  }
}

/** What should be frozen by now: the daily edition, and the weekly one for a day after its moment. */
export function currentEditions(now: Instant, clock: WeekClock): [Edition, ...Edition[]] {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(clock.timezone).toPlainDate();
  const dates = [today.toString(), addDays(today.toString(), -1)];
  const weekly = dates
    .map((date) => weeklyEditionOf(date, clock))
    .find((edition) => edition && edition.freezeAt <= now && now - edition.freezeAt < DAY);
  return [currentEdition(now, clock), ...(weekly ? [weekly] : [])];
}

/** The editions of a date: the daily one, and on the weekday of `WEEKLY_ON` the weekly one. */
export function editionsOn(date: Day, clock: WeekClock): [Edition, ...Edition[]] {
  const weekly = weeklyEditionOf(date, clock);
  return [dailyEdition(date, clock), ...(weekly ? [weekly] : [])];
}

/** The weekly edition of a date, on the right weekday. */
function weeklyEditionOf(date: Day, clock: WeekClock): Edition | undefined {
  return weekday(date) === clock.weeklyOn ? { ...dailyEdition(date, clock), kind: 'weekly' } : undefined;
}

/**
 * The daily edition of a date. On a date that the cron line leaves out (a weekend, say) it freezes at the time of
 * day of the moment before it.
 */
export function dailyEdition(date: Day, clock: IssueClock): Edition {
  const day = Temporal.PlainDate.from(date);
  const last = cronTimes(day.add({ days: 1 }).toPlainDateTime(), clock.cron).previous();
  return {
    kind: 'daily',
    date,
    freezeAt: instantOf(day.toPlainDateTime(last.toPlainTime()), clock.timezone),
  };
}

/** The local times of a cron line before and after one, exclusive, counted in UTC, where none is skipped or repeated. */
function cronTimes(from: Temporal.PlainDateTime, cron: string) {
  const currentDate = new Date(from.toZonedDateTime('UTC').epochMilliseconds);
  const line = CronExpressionParser.parse(cron, { currentDate, tz: 'UTC' });
  return {
    previous: () => localTimeAt(line.prev().getTime(), 'UTC'),
    next: () => localTimeAt(line.next().getTime(), 'UTC'),
  };
}
