import type { Outcome } from '../domain/delivery.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../domain/time.ts';

/** How many messages one recipient domain gets on one route, based on its answers. */
export type DomainThrottle = {
  /** How many messages may be in flight at once. */
  limit(): number;
  /** When its cooldown ends; 0 for none. */
  restsUntil(now: Instant): Instant;
  /** @returns true when this answer started a cooldown because of the domain's policy */
  answered(outcome: Outcome, subscriberId: number, now: Instant): boolean;
  /** Adopts a cooldown that another process started. */
  restUntil(at: Instant): void;
};

/** After this many policy refusals in a row, each of a different subscriber, the cause is not the subscribers. */
const POLICY_LIMIT = 5;
export const POLICY_COOLDOWN = HOUR;
const LONGEST_PAUSE = MINUTE;
/** How long after a refusal a domain on trial is tried again, unless somebody decides otherwise. */
const TRIAL_REST = MINUTE;

/**
 * After a 4xx it gets one message at a time; after three in a row, with pauses of 1 s, 2 s, 4 s … up to a minute
 * in between. One accepted message ends that. A domain that has accepted nothing yet gets at most as many at once as may
 * be refused for policy. A domain after a cooldown is on trial: it gets one message at a time until it
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
    // A clock that was set back must not extend a cooldown beyond the longest one.
    restsUntil: (now) => (state.rest > now && state.rest <= now + POLICY_COOLDOWN ? state.rest : 0),
    answered: (outcome, subscriberId, now) => {
      if (outcome.kind === 'deferred') {
        state.deferrals += 1;
        const step = state.deferrals - 3;
        if (step >= 0) rest(now, Math.min(LONGEST_PAUSE, SECOND * 2 ** Math.min(step, 10)));
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
