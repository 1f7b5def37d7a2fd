import type { Outcome } from '../domain/delivery.ts';
import { type Instant, SECOND } from '../domain/time.ts';
import { createBreaker } from './breaker.ts';
import { createDomainThrottle, type DomainThrottle, POLICY_COOLDOWN } from './domain-throttle.ts';
import { createDoubt, type Doubt } from './doubt.ts';
import type { Due } from './queue-types.ts';
import type { Transport } from './smtp/transport.ts';

/** The relays, in order of preference: the first that works is used. */
export type Routes = {
  /** The names of the routes, for people. */
  readonly name: string;
  readonly names: readonly string[];
  /** How many messages may be in flight at once, over all routes. */
  readonly connections: number;
  /** The route that a message to the domain may take now. */
  choose(domain: string, now: Instant): Route | undefined;
  /** The same for a mail whose sender waits for the answer: the first route that is not known to be down, or the first. */
  any(now: Instant): Transport;
  began(route: Route, domain: string, now: Instant): void;
  ended(sent: Sent, now: Instant): Judged;
  /** The last refusal of us, while no route works. */
  down(now: Instant): string | undefined;
  /** The next moment when a route, or one of the domains on it, may be tried again. */
  retryAt(domains: Iterable<string>, now: Instant): Instant | undefined;
  /** Takes over what another process found out. */
  rest(route: string, domain: string, until: Instant): void;
  /**
   * Whatever rests is tried again: the operator said so. Only while nothing is on the wire.
   * @param at when that was said; what was said before is not heard twice
   */
  endCooldowns(at: Instant): void;
  close(): Promise<void>;
};

export type Route = { readonly transport: Transport };

type Sent = { readonly route: Route; readonly work: Due; readonly outcome: Outcome };

/** What an answer comes to, in the light of those before it. */
export type Judged = {
  /** As it is to be written down. */
  readonly outcome: Outcome;
  /** What was refused before and is in doubt since this answer, and when it is to be tried again. */
  readonly takeBack?: { readonly works: readonly Due[]; readonly until: Instant };
  readonly event?: RouteEvent;
};

/** What an operator should know. */
export type RouteEvent =
  | { readonly kind: 'opened'; readonly route: string; readonly reply: string }
  | { readonly kind: 'closed'; readonly route: string }
  | {
      readonly kind: 'domain-rests';
      readonly route: string;
      readonly domain: string;
      readonly reply: string;
      readonly until: Instant;
    };

type State = Route & {
  readonly breaker: ReturnType<typeof createBreaker>;
  readonly doubt: Doubt;
  readonly domains: Map<string, { throttle: DomainThrottle; wire: number }>;
  lastRefusal: string;
};

/** @param pause how long a route rests that has refused us n times in a row, in ms */
export function createRoutes(
  transports: readonly Transport[],
  connections: number,
  pause: (openings: number) => number,
): Routes {
  let restsEndedAt = 0;
  const routes = transports.map(
    (transport): State => ({
      transport,
      breaker: createBreaker(pause),
      doubt: createDoubt(),
      domains: new Map(),
      lastRefusal: '',
    }),
  );
  const stateOf = (route: Route) => route as State;
  const isFree = (route: State, domain: string, now: Instant) => {
    const known = route.domains.get(domain);
    return !known || (known.throttle.restsUntil(now) === 0 && known.wire < known.throttle.limit());
  };
  return {
    name: transports.map(({ name }) => name).join(', '),
    names: transports.map(({ name }) => name),
    connections,
    choose: (domain, now) => routes.find((route) => route.breaker.allows(now) && isFree(route, domain, now)),
    any: (now) => (routes.find(({ breaker }) => breaker.allows(now)) ?? (routes[0] as State)).transport,
    began: (route, domain, now) => {
      const state = stateOf(route);
      state.breaker.began(now);
      const known = state.domains.get(domain) ?? { throttle: createDomainThrottle(), wire: 0 };
      state.domains.set(domain, known);
      known.wire += 1;
    },
    ended: (sent, now) => {
      const route = stateOf(sent.route);
      const others = routes.some((other) => other !== route && other.breaker.allows(now));
      return ended(route, sent, now, others);
    },
    down: (now) => (routes.some(({ breaker }) => breaker.allows(now)) ? undefined : routes[0]?.lastRefusal),
    retryAt: (domains, now) => {
      const opens = routes.map(({ breaker }) => breaker.retryAt(now));
      const rests = [...domains].flatMap((domain) =>
        routes.map(({ domains: known }) => known.get(domain)?.throttle.restsUntil(now) ?? 0),
      );
      const later = [...opens, ...rests].filter((at) => at > now);
      return later.length > 0 ? Math.min(...later) : undefined;
    },
    rest: (name, domain, until) => {
      const route = routes.find(({ transport }) => transport.name === name);
      const known = route?.domains.get(domain) ?? { throttle: createDomainThrottle(), wire: 0 };
      route?.domains.set(domain, known);
      known.throttle.restUntil(until);
    },
    endCooldowns: (at) => {
      if (at <= restsEndedAt) return;
      restsEndedAt = at;
      for (const route of routes) {
        route.breaker.reset();
        route.domains.clear();
        route.doubt.forget();
      }
    },
    close: async () => {
      await Promise.all(transports.map((transport) => transport.close()));
    },
  };
}

/**
 * The breaker learns from refusals of us, the domain from everything else.
 * @param others whether another route would take the mail now
 */
function ended(route: State, { work, outcome }: Sent, now: Instant, others: boolean): Judged {
  const { breaker, domains, doubt } = route;
  const known = domains.get(work.domain);
  if (known) known.wire -= 1;
  if (outcome.kind === 'returned' || outcome.kind === 'lost') {
    breaker.unanswered();
    return plain(outcome);
  }
  if (outcome.kind === 'route') return refusedUs(route, outcome, outcome.reply, breaker.failed(now));
  if (outcome.kind === 'failed') {
    const { doubted, before } = doubt.refused(work, outcome.reply, now);
    if (doubted) {
      const opened = before.length > 0 ? breaker.open(now) : breaker.failed(now);
      const until = others ? now : Math.max(breaker.retryAt(now), now + SECOND);
      const { reply } = outcome;
      const said: Outcome = others ? { kind: 'route', reply } : { kind: 'held', reply, until };
      return { ...refusedUs(route, said, reply, opened), takeBack: { works: before, until } };
    }
  }
  if (outcome.kind === 'accepted') doubt.accepted(now);
  return answered(route, work, outcome, breaker.worked(), now);
}

function plain(outcome: Outcome): Judged {
  return { outcome };
}

function refusedUs(route: State, outcome: Outcome, reply: string, opened: boolean): Judged {
  route.lastRefusal = reply;
  if (!opened) return plain(outcome);
  return { ...plain(outcome), event: { kind: 'opened', route: route.transport.name, reply } };
}

/** The route works: what it said is of the subscriber, or of the subscriber's domain. */
function answered(
  { domains, transport: { name } }: State,
  { domain, subscriberId }: Due,
  outcome: Outcome,
  closed: boolean,
  now: Instant,
): Judged {
  const known = domains.get(domain);
  const rests = known?.throttle.answered(outcome, subscriberId, now);
  // Nothing is to be remembered of a domain that takes what it is given.
  if (known?.wire === 0 && known.throttle.limit() === Number.POSITIVE_INFINITY && domains.size > 10_000)
    domains.delete(domain);
  const { reply } = outcome;
  if (rests) {
    const until = now + POLICY_COOLDOWN;
    return { ...plain(outcome), event: { kind: 'domain-rests', route: name, domain, reply, until } };
  }
  return closed ? { ...plain(outcome), event: { kind: 'closed', route: name } } : plain(outcome);
}
