import { CronExpressionParser } from 'cron-parser';
import { type Day, dayAt } from '../domain/day.ts';
import type { Instant } from '../domain/time.ts';

/** When issues are frozen: a cron line and the zone that it and the issue dates are of. */
export type IssueClock = { readonly cron: string; readonly timezone: string };

/** The issue that a moment belongs to: its date and when it is, or was, to be frozen. */
export type Edition = { readonly date: Day; readonly freezeAt: Instant };

/** The newest edition whose freezing moment has come. */
export function editionAt(now: Instant, clock: IssueClock): Edition {
  const freezeAt = expression(now + 1, clock)
    .prev()
    .getTime();
  return { date: dayAt(freezeAt, clock.timezone), freezeAt };
}

/** When the next edition freezes, strictly after the moment. */
export function nextFreeze(now: Instant, clock: IssueClock): Instant {
  return expression(now, clock).next().getTime();
}

/**
 * The edition of a date. On a date that the cron line leaves out (a weekend, say) it freezes at the time of
 * day of the moment before it.
 */
export function editionOf(date: Day, clock: IssueClock): Edition {
  const day = Temporal.PlainDate.from(date);
  const dayEnd = day.add({ days: 1 }).toZonedDateTime(clock.timezone).epochMilliseconds;
  const last = editionAt(dayEnd - 1, clock);
  if (last.date === date) return last;
  const time = Temporal.Instant.fromEpochMilliseconds(last.freezeAt)
    .toZonedDateTimeISO(clock.timezone)
    .toPlainTime();
  return {
    date,
    freezeAt: day.toZonedDateTime({ timeZone: clock.timezone, plainTime: time }).epochMilliseconds,
  };
}

function expression(at: Instant, clock: IssueClock) {
  return CronExpressionParser.parse(clock.cron, { currentDate: new Date(at), tz: clock.timezone });
}
