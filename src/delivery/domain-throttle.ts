import type { Outcome } from '../domain/delivery.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../domain/time.ts';

/** How one recipient domain is treated on one route, from what it has answered. */
export type DomainThrottle = {
  /** How many messages it may have on the wire at once. */
  limit(): number;
  /** Until when it is left alone; 0 for not at all. */
  restsUntil(now: Instant): Instant;
  /** @returns true when this answer made it rest because of its policy */
  answered(outcome: Outcome, subscriberId: number, now: Instant): boolean;
  /** Takes over a rest that another process decided. */
  restUntil(at: Instant): void;
};

/** So many policy refusals in a row, each of a different subscriber, and it is not about them. */
const POLICY_LIMIT = 5;
export const POLICY_COOLDOWN = HOUR;
const LONGEST_REST = MINUTE;
/** A domain on trial that refuses is asked again after so long, if nobody decides otherwise. */
const TRIAL_REST = MINUTE;

/**
 * After a 4xx it gets one message at a time, after three in a row pauses of 1 s, 2 s, 4 s … and at most a minute
 * between them; one accepted message ends that. A domain that has accepted nothing yet gets no more at once than may
 * be refused for policy. One that rested for its refusals is on trial: it is tried with one message at a time until it
 * accepts one.
 */
export function createDomainThrottle(): DomainThrottle {
  const refused = new Set<number>();
  const state = { deferrals: 0, rest: 0, proven: false, onTrial: false };
  const rest = (now: Instant, pause: number) => {
    state.rest = now + pause;
  };
  return {
    limit: () => {
      if (state.deferrals > 0 || state.onTrial) return 1;
      if (state.proven && refused.size === 0) return Number.POSITIVE_INFINITY;
      return Math.max(1, POLICY_LIMIT - refused.size);
    },
    // A clock that was set back must not make it rest for longer than any rest is.
    restsUntil: (now) => (state.rest > now && state.rest <= now + POLICY_COOLDOWN ? state.rest : 0),
    answered: (outcome, subscriberId, now) => {
      if (outcome.kind === 'deferred') {
        state.deferrals += 1;
        const step = state.deferrals - 3;
        if (step >= 0) rest(now, Math.min(LONGEST_REST, SECOND * 2 ** Math.min(step, 10)));
        return false;
      }
      if (outcome.kind === 'accepted' || outcome.kind === 'failed') state.deferrals = 0;
      if (outcome.kind === 'accepted') state.onTrial = false;
      if (outcome.kind === 'failed' && state.onTrial) rest(now, TRIAL_REST);
      if (outcome.kind === 'failed' && outcome.class === 'policy') {
        refused.add(subscriberId);
        if (refused.size < POLICY_LIMIT) return false;
        const before = state.rest;
        rest(now, POLICY_COOLDOWN);
        state.onTrial = true;
        return before <= now;
      }
      if (outcome.kind === 'accepted' || outcome.kind === 'failed') {
        refused.clear();
        state.proven ||= outcome.kind === 'accepted';
      }
      return false;
    },
    restUntil: (at) => {
      state.rest = Math.max(state.rest, at);
      state.onTrial = true;
    },
  };
}
