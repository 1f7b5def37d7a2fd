import type { Instant } from '../domain/time.ts';

/**
 * A circuit breaker for a route that refuses us. Closed: everything passes. Open: nothing until `retryAt`. Then one message is
 * let through as a trial: an answer about its subscriber closes the breaker, a refusal of us opens it for twice as long.
 */
export type Breaker = {
  /** Whether a message may start now. */
  allows(now: Instant): boolean;
  /** Called when a message starts, so that only one tries an open route. */
  began(now: Instant): void;
  /** The route answered about a subscriber. @returns whether that closed it */
  worked(): boolean;
  /** The route refused us. @returns whether that opened it, after it had been closed */
  failed(now: Instant): boolean;
  /** The route is known to refuse us. @returns whether that opened it */
  open(now: Instant): boolean;
  /** Forgets all earlier answers of the route. */
  reset(): void;
  /** The message came back without an answer from the route. */
  unanswered(): void;
  /** When it may be tried again; 0 when it may be now. */
  retryAt(now: Instant): Instant;
};

/** Failures in a row that a working route is allowed: a relay that limits connections is not down. */
const PATIENCE = 3;

/** @param pause how long the n-th opening in a row lasts, in ms, n from 1 */
export function createBreaker(pause: (openings: number) => number): Breaker {
  const fresh = { failures: 0, openings: 0, openUntil: 0, trying: false };
  const state = { ...fresh, proven: false };
  const isOpen = () => state.openings > 0;
  const rests = (now: Instant) => {
    // A clock that was set back must not keep a route closed for longer than the longest pause.
    const longest = now + pause(state.openings);
    return isOpen() && state.openUntil > now && state.openUntil <= longest;
  };
  return {
    allows: (now) => !rests(now) && !(isOpen() && state.trying),
    began: (now) => {
      if (isOpen() && !rests(now)) state.trying = true;
    },
    worked: () => {
      const closes = isOpen();
      Object.assign(state, fresh, { proven: true });
      return closes;
    },
    failed: (now) => {
      state.failures += 1;
      const opens = !isOpen() && state.failures >= (state.proven ? PATIENCE : 1);
      // Others that were in flight when it opened add nothing.
      if (opens || state.trying) {
        state.openings += 1;
        state.openUntil = now + pause(state.openings);
      }
      state.trying = false;
      return opens;
    },
    open: (now) => {
      if (isOpen()) return false;
      state.openings = 1;
      state.openUntil = now + pause(1);
      return true;
    },
    reset: () => {
      Object.assign(state, fresh);
    },
    unanswered: () => {
      state.trying = false;
    },
    retryAt: (now) => (rests(now) ? state.openUntil : 0),
  };
}
