import { type Instant, MINUTE, SECOND } from './time.ts';

/**
 * When a deferred mail is retried: after 10 s, 30 s, 90 s … up to an hour, each ± 10 %.
 * @param attempts how many it has had, from 1
 * @param random in [0, 1), so that mails deferred together do not come back together
 */
export function retryAt(now: Instant, attempts: number, random: number): Instant {
  const pause = Math.min(60 * MINUTE, 10 * SECOND * 3 ** (attempts - 1));
  return now + Math.round(pause * (0.9 + 0.2 * random));
}

/** How long a route that refused us is paused: 5 s, 10 s, 20 s … up to a minute. */
export function routePause(failures: number): number {
  return Math.min(MINUTE, 5 * SECOND * 2 ** (failures - 1));
}
