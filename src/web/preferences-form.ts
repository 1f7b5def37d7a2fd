import { isTimeZone } from '../domain/day.ts';
import { weekdays } from '../domain/in-words.ts';
import type { Languages, Words } from '../domain/language.ts';
import { isDeliverAt, parsePicks, type Wishes } from '../domain/subscriber.ts';
import type { Instant } from '../domain/time.ts';
import {
  DAY_NAMES,
  type Days,
  EVERY_DAY,
  isWeekly,
  parseDays,
  WEEKDAYS,
  WEEKLY,
} from '../domain/weekdays.ts';
import { checkTopics } from '../papers/topics.ts';
import { longDate } from './calendar.ts';
import { pauseOf, weeksOfPause } from './pause.ts';
import { type Field, type Form, isCut } from './request-body.ts';
import { topicChips } from './topic-chips.ts';

const HOURS = Array.from({ length: 48 }, (_, half) => {
  const hour = String(Math.floor(half / 2)).padStart(2, '0');
  return `${hour}:${half % 2 === 0 ? '00' : '30'}`;
});
const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
const SIZES = [3, 5, 10, 15, 20, 30];

/** Every day, Monday to Friday, the ticked days, or the weekly issue. */
type Rhythm = 'every' | 'weekdays' | 'chosen' | 'weekly';

/** What the form holds, right or wrong. */
export type TypedPreferences = {
  readonly deliverAt: string;
  readonly timezone: string;
  readonly rhythm: string;
  readonly chosen: readonly string[];
  /** A number of papers, or empty for all. */
  readonly picks: string;
  /** Those of the offered topics that are ticked. */
  readonly tapped: readonly string[];
  /** The other interests, one a line; mutes without their minus. */
  readonly interests: string;
  readonly mutes: string;
  /** Weeks from now, `keep` for the pause there is, or 0. */
  readonly pause: string;
  /** A code, or empty for the newsletter's own. */
  readonly language: string;
};

export type Problems = {
  readonly deliverAt: string;
  readonly timezone: string;
  readonly days: string;
  readonly picks: string;
  readonly interests: readonly string[];
  readonly mutes: readonly string[];
  readonly pause: string;
  readonly language: string;
};

/** Where each problem stands on the page, and what people call that field. */
const FIELDS: Readonly<Record<keyof Problems, { readonly id: string; readonly key: string }>> = {
  deliverAt: { id: 'deliver_at', key: 'pref.hour' },
  timezone: { id: 'timezone', key: 'pref.zone' },
  days: { id: 'days', key: 'pref.days' },
  picks: { id: 'picks', key: 'pref.picks' },
  interests: { id: 'interests', key: 'pref.interests' },
  mutes: { id: 'mutes', key: 'pref.mutes' },
  pause: { id: 'pause', key: 'pref.pause' },
  language: { id: 'language', key: 'pref.language' },
};

const NO_PROBLEMS: Problems = {
  deliverAt: '',
  timezone: '',
  days: '',
  picks: '',
  interests: [],
  mutes: [],
  pause: '',
  language: '',
};

/** A field that the form does not have stays as it is. */
export function typedPreferences(form: Form, current: Wishes, offered: readonly string[]): TypedPreferences {
  const kept = asTyped(current, offered);
  const field = (name: Field, otherwise: string) => (form.has(name) ? form.text(name) : otherwise);
  return {
    deliverAt: form.text('deliver_at'),
    timezone: form.text('timezone').trim(),
    rhythm: form.text('rhythm'),
    chosen: form.all('day'),
    picks: field('picks', kept.picks),
    // A box that is not ticked is not sent at all: the text beside it says whether the form had them.
    tapped: form.has('interests')
      ? form.all('topic').filter((topic) => offered.includes(topic))
      : kept.tapped,
    interests: field('interests', kept.interests),
    mutes: field('mutes', kept.mutes),
    pause: field('pause', kept.pause),
    language: field('language', kept.language),
  };
}

/**
 * The form as it looks for preferences that are already kept.
 * @param offered topics that are boxes to tick; the others are lines
 */
export function asTyped(wishes: Wishes, offered: readonly string[]): TypedPreferences {
  const { deliverAt, timezone, days, topics, picks, pausedUntil, language } = wishes;
  const chosen = DAY_NAMES.filter((_, index) => days & (1 << index));
  const mutes = topics.filter((topic) => topic.startsWith('-')).map((topic) => topic.slice(1));
  const interests = topics.filter((topic) => !topic.startsWith('-') && !offered.includes(topic));
  return {
    deliverAt,
    timezone,
    rhythm: rhythmOf(days),
    chosen,
    picks: picks === null ? '' : String(picks),
    tapped: offered.filter((topic) => topics.includes(topic)),
    interests: interests.join('\n'),
    mutes: mutes.join('\n'),
    pause: pausedUntil > 0 ? 'keep' : '0',
    language,
  };
}

/** By what a form is judged, and in which language. */
export type Checking = {
  readonly languages: Languages;
  readonly words: Words;
  readonly now: Instant;
};

export function checkPreferences(
  typed: TypedPreferences,
  current: Wishes,
  { languages, words, now }: Checking,
): { wishes: Wishes } | { problems: Problems } {
  const timezone = canonicalZone(typed.timezone);
  const days = typedDays(typed);
  const { topics, ...topicProblems } = typedTopics(typed, words);
  const picks = parsePicks(typed.picks);
  const pausedUntil = typedPause(typed.pause, current, now);
  const { language } = typed;
  const isLanguage = language === '' || languages.all.some(({ code }) => code === language);
  const problem = (isGood: unknown, key: string) => (isGood ? '' : words.say(`pref.problem.${key}`));
  const problems: Problems = {
    deliverAt: problem(isDeliverAt(typed.deliverAt), 'hour'),
    timezone: problem(timezone, 'zone'),
    days: problem(days, 'days'),
    picks: problem(picks !== undefined, 'picks'),
    ...topicProblems,
    pause: problem(pausedUntil !== undefined, 'pause'),
    language: problem(isLanguage, 'language'),
  };
  const bad = Object.values(problems).some((problem) => problem.length > 0);
  if (bad || !timezone || !days || picks === undefined || pausedUntil === undefined) return { problems };
  return { wishes: { deliverAt: typed.deliverAt, timezone, days, topics, picks, pausedUntil, language } };
}

/** What the template needs to draw the form. */
export function preferencesView(
  typed: TypedPreferences,
  current: Wishes,
  { words, now, offered }: Pick<Checking, 'words' | 'now'> & { readonly offered: readonly string[] },
  problems?: Problems,
) {
  const at = isDeliverAt(typed.deliverAt) ? typed.deliverAt : current.deliverAt;
  const sizes = [...new Set([...SIZES, ...(current.picks === null ? [] : [current.picks])])];
  return {
    hours: HOURS.map((value) => ({ value, selected: value === at })),
    timezone: typed.timezone,
    zones: ZONES,
    everyDay: typed.rhythm === 'every',
    weekdays: typed.rhythm === 'weekdays',
    chosenDays: typed.rhythm === 'chosen',
    weekly: typed.rhythm === 'weekly',
    week: weekdays(words).map((day) => ({ ...day, checked: typed.chosen.includes(day.value) })),
    sizes: sizes
      .sort((left, right) => left - right)
      .map((value) => ({ value, selected: String(value) === typed.picks })),
    chips: topicChips(offered, typed.tapped),
    interests: typed.interests,
    mutes: typed.mutes,
    pause: pauseView(typed.pause, current.pausedUntil, words, now),
    problems: problems ?? NO_PROBLEMS,
    anyProblem: problems !== undefined,
    wrong: Object.entries(problems ?? NO_PROBLEMS)
      .filter(([, problem]) => problem.length > 0)
      .map(([name]) => FIELDS[name as keyof Problems])
      .map(({ id, key }) => ({ id, label: words.say(key) })),
  };
}

function pauseView(typed: string, pausedUntil: Instant, words: Words, now: Instant) {
  const weeks = weeksOfPause(words, typed);
  const until = pausedUntil > now ? longDate(words, new Date(pausedUntil).toISOString().slice(0, 10)) : '';
  return { weeks, until, keep: until !== '' && typed === 'keep' };
}

function rhythmOf(days: Days): Rhythm {
  if (isWeekly(days)) return 'weekly';
  if (days === EVERY_DAY) return 'every';
  return days === WEEKDAYS ? 'weekdays' : 'chosen';
}

function typedDays(typed: TypedPreferences): Days | undefined {
  if (typed.rhythm === 'every') return EVERY_DAY;
  if (typed.rhythm === 'weekdays') return WEEKDAYS;
  if (typed.rhythm === 'weekly') return WEEKLY;
  const known = typed.chosen.every((day) => (DAY_NAMES as readonly string[]).includes(day));
  return typed.rhythm === 'chosen' && known && typed.chosen.length > 0
    ? parseDays(typed.chosen.join(' '))
    : undefined;
}

/** The boxes and both fields as one list, and what is wrong with each field. */
function typedTopics(typed: Pick<TypedPreferences, 'tapped' | 'interests' | 'mutes'>, { say }: Words) {
  const lines = (text: string) =>
    text
      .split(/[\n;]/)
      .map((line) => line.trim())
      .filter(Boolean);
  const interests = [...typed.tapped, ...lines(typed.interests)];
  const mutes = lines(typed.mutes).map((line) => `-${line.replace(/^-\s*/, '')}`);
  const problemsOf = (field: 'interests' | 'mutes', asked: readonly string[]) =>
    isCut(field, typed[field]) ? [say('pref.problem.long')] : checkTopics(asked).problems;
  const problems = { interests: problemsOf('interests', interests), mutes: problemsOf('mutes', mutes) };
  const both = checkTopics([...typed.tapped, ...interests, ...mutes]);
  // Each by itself may be fine, and both together too many.
  const areTooMany = problems.interests.length + problems.mutes.length === 0 && both.problems.length > 0;
  return { topics: both.topics, ...problems, ...(areTooMany && { interests: both.problems }) };
}

function typedPause(typed: string, { pausedUntil }: Wishes, now: Instant): Instant | undefined {
  if (typed === 'keep') return pausedUntil > now ? pausedUntil : 0;
  return pauseOf(typed, now);
}

/** A zone as the runtime spells it, whatever the letter case it was typed in. */
export function canonicalZone(typed: string): string | undefined {
  const lower = typed.toLowerCase();
  const listed = ZONES.find((zone) => zone.toLowerCase() === lower);
  if (listed !== undefined || isTimeZone(typed)) return listed ?? typed;
  const city = lower.replaceAll(' ', '_');
  const cities = ZONES.filter((zone) => zone.toLowerCase().endsWith(`/${city}`));
  return cities.length === 1 ? cities[0] : undefined;
}
