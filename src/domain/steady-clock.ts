import { type Clock, type Instant, MINUTE } from './time.ts';

/** What time it is for everything that looks at a calendar: freezing, due times, expiring. */
export type SteadyClock = {
  now(): Instant;
  /** Whether the machine's clock agrees with the time that has passed. */
  isSteady(): boolean;
};

/** More than clocks are corrected by. */
const JUMP = 2 * MINUTE;
/** A clock that stays where it jumped to is right after all. */
const BELIEVED_AFTER = 10 * MINUTE;

/**
 * A clock that jumps by an hour or a day is not believed at once: issues would be frozen and mails expire that are not due. The
 * calendar goes on by the time that has really passed, until the clock is back, or for ten minutes.
 * @param elapsed milliseconds since some moment, also those in which the machine slept
 */
export function createSteadyClock(
  clock: Clock,
  elapsed: () => number,
  warn: (details: object, text: string) => void,
): SteadyClock {
  let trusted = { at: clock(), elapsed: elapsed() };
  let jumpedAt: number | undefined;
  const trust = (at: Instant, passed: number) => {
    if (jumpedAt !== undefined) warn({ clock: new Date(at).toISOString() }, 'the clock is believed again');
    trusted = { at, elapsed: passed };
    jumpedAt = undefined;
    return at;
  };
  const now = () => {
    const at = clock();
    const passed = elapsed();
    const expected = trusted.at + (passed - trusted.elapsed);
    if (Math.abs(at - expected) < JUMP) return trust(at, passed);
    if (jumpedAt === undefined) {
      jumpedAt = passed;
      const minutes = Math.round((at - expected) / MINUTE);
      warn({ minutes }, 'the clock has jumped: for ten minutes the time that has really passed counts');
    }
    return passed - jumpedAt > BELIEVED_AFTER ? trust(at, passed) : expected;
  };
  return {
    now,
    isSteady: () => {
      now();
      return jumpedAt === undefined;
    },
  };
}
