import type { After, Clock, Instant, Pause } from '../../src/domain/time.ts';

export type MovingClock = {
  readonly now: Clock;
  set(at: Instant | string): void;
  advance(ms: number): void;
  /** Ends when the clock has been moved that far, or `stop` is aborted. */
  readonly pause: Pause;
  /** Fires when the clock has been moved that far. */
  readonly after: After;
};

/** A clock that stands still until a test moves it. */
export function movingClock(start: Instant | string): MovingClock {
  let at = instant(start);
  const sleeping = new Set<{ readonly until: Instant; readonly wake: () => void }>();
  const moveTo = (to: Instant) => {
    at = to;
    for (const { until, wake } of [...sleeping]) if (until <= at) wake();
  };
  return {
    now: () => at,
    set: (to) => moveTo(instant(to)),
    advance: (ms) => moveTo(at + Math.ceil(ms)),
    after: (ms) => {
      const limit = new AbortController();
      sleeping.add({ until: at + ms, wake: () => limit.abort() });
      return limit.signal;
    },
    pause: async (ms, stop) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const sleeper = { until: at + ms, wake: resolve };
      sleeping.add(sleeper);
      stop.addEventListener('abort', resolve as () => void, { once: true });
      await promise;
      sleeping.delete(sleeper);
    },
  };
}

function instant(at: Instant | string): Instant {
  return typeof at === 'number' ? at : Date.parse(at);
}

/** For tests in which no time passes. */
export const NO_LIMIT: After = () => new AbortController().signal;
