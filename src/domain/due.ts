import { type Day, dayAt } from './day.ts';
import { instantOf, localTimeAt } from './local-time.ts';
import { type Preferences, soundPreferences } from './subscriber.ts';
import type { Instant } from './time.ts';
import { type Days, dayBit } from './weekdays.ts';

/** When, and which day the subscriber's clock then shows. */
export type Due = { readonly at: Instant; readonly day: Day };

/**
 * The first moment, at or after `from`, at which a subscriber's clock shows their hour on one of their days.
 * An hour that a change of the clock skips means the moment of the change, which may be the midnight that begins
 * the next day; one that it repeats, the first.
 * @param after only local days later than this one: a subscriber gets no second issue on one day
 */
export function dueAt(from: Instant, wants: Preferences, after: Day | '' = ''): Due {
  const [hour = 0, minute = 0] = wants.deliverAt.split(':').map(Number);
  const time = Temporal.PlainTime.from({ hour, minute });
  const start = localTimeAt(from, wants.timezone).toPlainDate();
  const first = after > start.toString() ? Temporal.PlainDate.from(after) : start;
  // From the day before, whose skipped hour may be this midnight. Eight days reach every weekday again when the
  // first one's hour is over; one more for skipped days.
  for (let offset = -1; offset <= 9; offset += 1) {
    const date = first.add({ days: offset });
    if ((wants.days & dayBit(date.toString())) === 0) continue;
    const at = instantOf(date.toPlainDateTime(time), wants.timezone);
    const day = dayAt(at, wants.timezone);
    if (at >= from && day > after) return { at, day };
  }
  throw new Error(`no due moment within nine days of ${start} for days ${wants.days}`);
}

/** `problem`: what of the preferences could not be read and was taken as the default; empty when all was well. */
export type SoundDue = Due & { readonly problem: string };

/**
 * Remembers results: a million subscribers fall into a few thousand combinations of zone, hour and days. A row may hold what
 * was never valid, or is no longer valid since the zone data changed: it is then due by the defaults, and never delays others.
 */
export function dueTable(
  from: Instant,
  defaults: Pick<Preferences, 'timezone' | 'deliverAt'>,
): (wants: Preferences, after?: Day | '') => SoundDue {
  const known = new Map<string, SoundDue>();
  return (wants, after = '') => {
    const key = `${wants.timezone} ${wants.deliverAt} ${wants.days satisfies Days} ${after}`;
    const found = known.get(key);
    if (found) return found;
    const { preferences, problem } = soundPreferences(wants, defaults);
    const due = { ...dueAt(from, preferences, after), problem };
    known.set(key, due);
    return due;
  };
}
