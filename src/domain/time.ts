/**
 * A moment as milliseconds since 1970-01-01T00:00:00Z. Moments are plain numbers all through the
 * program: they sort, store and cross threads as they are; `Temporal` appears where calendars do.
 */
export type Instant = number;

/** Gives the current moment. The only source of "now" before `app.ts`. */
export type Clock = () => Instant;

/** A limit of time: the signal fires after that many milliseconds. */
export type After = (ms: number) => AbortSignal;

/** Sleeps, and ends at once, rejecting, when the signal fires. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** Does something again and again, that many milliseconds apart. @returns what ends it */
export type Every = (ms: number, work: () => void) => () => void;

/** Sleeps by the milliseconds of `ticks` until it is over, or `stop` fires; it never rejects. */
export type Pause = (ms: number, stop: AbortSignal) => Promise<void>;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const UNITS: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** Reads `90s`, `5m`, `12h`, `7d` as milliseconds; `undefined` for anything else, or past what a date can reach. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,7})(ms|s|m|h|d)$/.exec(text.trim());
  const unit = match?.[2] === undefined ? undefined : UNITS[match[2]];
  return unit === undefined ? undefined : Number(match?.[1]) * unit;
}

/** The last moment that a `Date` can hold. */
const LAST: Instant = 8.64e15;

/** Whether a value, as a row may hold any, is a moment that calendars know. */
export function isInstant(value: unknown): value is Instant {
  return Number.isInteger(value) && Math.abs(Number(value)) <= LAST;
}

/** `2026-08-19T05:00:00Z`: UTC, whole seconds; `unknown` for what a row holds that is no moment. */
export function formatInstant(at: Instant): string {
  if (!isInstant(at)) return 'unknown';
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Reads an ISO 8601 instant with a zone offset or Z; `undefined` when it is not one. */
export function parseInstant(text: string): Instant | undefined {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return undefined;
  }
}
