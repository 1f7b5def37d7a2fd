import type { Clock, Instant } from '../../src/domain/time.ts';

export type MovingClock = {
  readonly now: Clock;
  set(at: Instant | string): void;
  advance(ms: number): void;
};

/** A clock that stands still until a test moves it. */
export function movingClock(start: Instant | string): MovingClock {
  let at = instant(start);
  return {
    now: () => at,
    set: (to) => {
      at = instant(to);
    },
    advance: (ms) => {
      at += Math.ceil(ms);
    },
  };
}

function instant(at: Instant | string): Instant {
  return typeof at === 'number' ? at : Date.parse(at);
}
