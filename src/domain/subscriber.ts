import { isTimeZone, zoneMeant } from './day.ts';
import type { Instant } from './time.ts';
import { type Days, EVERY_DAY, isDays } from './weekdays.ts';

/** `suppressed`: mail to the address bounced for good or drew a complaint; it is never mailed. */
export type SubscriberState = (typeof SUBSCRIBER_STATES)[number];

export const SUBSCRIBER_STATES = ['pending', 'active', 'unsubscribed', 'suppressed'] as const;

/** When a subscriber wants their mail. */
export type Preferences = {
  /** An IANA name. */
  readonly timezone: string;
  /** Local time as `HH:MM`, in steps of 30 minutes. */
  readonly deliverAt: string;
  readonly days: Days;
};

/** Which papers a subscriber wants: nothing named means the common issue. */
export type Profile = {
  /** As in the CSV: `cs.CL`, `diffusion models`, `author:Name`, `like:2510.01234`, `-muted words`, `-like:2510.04321`. */
  readonly topics: readonly string[];
  /** How many papers, if not as many as the common issue has. */
  readonly count?: number;
  /** Papers of their own library that we know, as `arxiv:2510.01234` or `doi:10.1000/x`: likes, like `like:` topics. */
  readonly library?: readonly string[];
};

/** All that a subscriber may choose. */
export type Wishes = Preferences & {
  /** As in a `Profile`. */
  readonly topics: readonly string[];
  /** How many papers at most; `null` for as many as the issue has. */
  readonly picks: number | null;
  /** What is due before this moment is not sent; 0 for a subscriber who does not pause. */
  readonly pausedUntil: Instant;
  /** The code of the language around the papers; empty for the newsletter's own. */
  readonly language: string;
};

export type Subscriber = Wishes & {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly state: SubscriberState;
  /** How consent was given: `form` or `import`, and when. */
  readonly consent: string;
  readonly createdAt: Instant;
  /** Raised to make every link mailed so far worthless, but for unsubscribing. */
  readonly tokenVersion: number;
};

/** Whether a name or a consent note is a single line of at most 200 characters. */
export function isOneLine(text: string): boolean {
  return text.length <= 200 && !/\p{Cc}/u.test(text);
}

/** Whether the text is a local time that a subscriber may choose: `00:00` to `23:30` in half hours. */
export function isDeliverAt(text: string): boolean {
  return /^([01]\d|2[0-3]):(00|30)$/.test(text);
}

/** How many papers a subscriber wants: `null` for as many as the issue has, `undefined` for what is no number from 1 to 100. */
export function parsePicks(text: string): number | null | undefined {
  if (text === '') return null;
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= 100 ? count : undefined;
}

/**
 * Preferences that can be planned by, whatever a row holds: what cannot be read takes the default.
 * @returns `problem` says in one line what that was; empty when all was well
 */
export function soundPreferences(
  wanted: Preferences,
  defaults: Pick<Preferences, 'timezone' | 'deliverAt'>,
): { readonly preferences: Preferences; readonly problem: string } {
  const { timezone, deliverAt, days } = wanted;
  const zone = isTimeZone(timezone) ? timezone : (zoneMeant(timezone) ?? defaults.timezone);
  const hour = isDeliverAt(deliverAt) ? deliverAt : defaults.deliverAt;
  const problems = [
    zone !== timezone && `the time zone ${shown(timezone)} is not known, ${zone} is used`,
    hour !== deliverAt && `the hour ${shown(deliverAt)} is none, ${hour} is used`,
    !isDays(days) && `the days ${shown(days)} are none, every day is used`,
  ];
  return {
    preferences: { timezone: zone, deliverAt: hour, days: isDays(days) ? days : EVERY_DAY },
    problem: problems.filter(Boolean).join('; '),
  };
}

function shown(value: unknown): string {
  return JSON.stringify(String(value).slice(0, 60));
}
