import { isTimeZone } from '../domain/day.ts';
import { DAY_NAMES, type Days, EVERY_DAY, isWeekly, parseDays, WEEKDAYS } from '../domain/days.ts';
import { isDeliverAt, type Preferences } from '../domain/subscriber.ts';
import type { Form } from './body.ts';
import { WEEK } from './calendar.ts';

const HOURS = Array.from({ length: 48 }, (_, half) => {
  const hour = String(Math.floor(half / 2)).padStart(2, '0');
  return `${hour}:${half % 2 === 0 ? '00' : '30'}`;
});
const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

/** Every day, Monday to Friday, the ticked days, or the weekly issue (kept, but not yet to be chosen). */
type Rhythm = 'every' | 'weekdays' | 'chosen' | 'weekly';

/** What the form holds, right or wrong. */
export type TypedPreferences = {
  readonly deliverAt: string;
  readonly timezone: string;
  readonly rhythm: string;
  readonly chosen: readonly string[];
};

export type Problems = { readonly deliverAt: string; readonly timezone: string; readonly days: string };

export function typedPreferences(form: Form): TypedPreferences {
  return {
    deliverAt: form.text('deliver_at'),
    timezone: form.text('timezone').trim(),
    rhythm: form.text('rhythm'),
    chosen: form.all('day'),
  };
}

/** The form as it looks for preferences that are already kept. */
export function asTyped({ deliverAt, timezone, days }: Preferences): TypedPreferences {
  const chosen = DAY_NAMES.filter((_, index) => days & (1 << index));
  return { deliverAt, timezone, rhythm: rhythmOf(days), chosen };
}

/** @param current what the reader has: only a weekly reader may stay weekly */
export function checkPreferences(
  typed: TypedPreferences,
  current: Preferences,
): { preferences: Preferences } | { problems: Problems } {
  const zone = canonicalZone(typed.timezone);
  const days = typedDays(typed, current.days);
  if (isDeliverAt(typed.deliverAt) && zone !== undefined && days !== undefined) {
    return { preferences: { deliverAt: typed.deliverAt, timezone: zone, days } };
  }
  return {
    problems: {
      deliverAt: isDeliverAt(typed.deliverAt) ? '' : 'Please choose an hour from the list.',
      timezone: zone ? '' : 'We know no such time zone. Try the name of a city, like Europe/Berlin.',
      days: days ? '' : 'Please choose the days: at least one.',
    },
  };
}

/** What the template needs to draw the form. */
export function preferencesView(typed: TypedPreferences, current: Preferences, problems?: Problems) {
  const at = isDeliverAt(typed.deliverAt) ? typed.deliverAt : current.deliverAt;
  return {
    hours: HOURS.map((value) => ({ value, selected: value === at })),
    timezone: typed.timezone,
    zones: ZONES,
    everyDay: typed.rhythm === 'every',
    weekdays: typed.rhythm === 'weekdays',
    chosenDays: typed.rhythm === 'chosen',
    weekly: typed.rhythm === 'weekly',
    offersWeekly: isWeekly(current.days),
    week: WEEK.map((day) => ({ ...day, checked: typed.chosen.includes(day.value) })),
    problems: problems ?? { deliverAt: '', timezone: '', days: '' },
    anyProblem: problems !== undefined,
  };
}

function rhythmOf(days: Days): Rhythm {
  if (isWeekly(days)) return 'weekly';
  if (days === EVERY_DAY) return 'every';
  return days === WEEKDAYS ? 'weekdays' : 'chosen';
}

function typedDays(typed: TypedPreferences, current: Days): Days | undefined {
  if (typed.rhythm === 'every') return EVERY_DAY;
  if (typed.rhythm === 'weekdays') return WEEKDAYS;
  if (typed.rhythm === 'weekly') return isWeekly(current) ? current : undefined;
  const known = typed.chosen.every((day) => (DAY_NAMES as readonly string[]).includes(day));
  return typed.rhythm === 'chosen' && known && typed.chosen.length > 0
    ? parseDays(typed.chosen.join(' '))
    : undefined;
}

/** A zone as the runtime spells it, whatever the letter case it was typed in. */
function canonicalZone(typed: string): string | undefined {
  const listed = ZONES.find((zone) => zone.toLowerCase() === typed.toLowerCase());
  return listed ?? (isTimeZone(typed) ? typed : undefined);
}
