import type { Outcome } from '../domain/delivery.ts';
import type { Clock } from '../domain/time.ts';
import { createDomainQueues } from './domain-queues.ts';
import type { Due } from './queue-types.ts';
import { type Patience, retryUntilDone } from './retry-until-done.ts';
import type { Judged, Route, RouteEvent, Routes } from './routes.ts';
import { createSupply, type WorkSource } from './supply.ts';

/** How long a run that finds nothing waits before it looks again while mails are in flight. */
const LOOK_AGAIN = 1000;

/** Work that is due next, and the route it takes. */
export type Assignment<Work> = { readonly work: Work; readonly route: Route };

export type DispatcherTools = {
  readonly clock: Clock;
  /** Milliseconds that only go forward, whatever happens to the clock. */
  readonly ticks: () => number;
  /** Resolves when that many of those milliseconds have passed or `stop` is aborted; never rejects. */
  readonly pause: (ms: number, stop: AbortSignal) => Promise<void>;
  readonly patience: Patience;
  readonly onEvent?: (event: RouteEvent) => void;
  /** Receives, when the run starts, a function that makes it check the ledger at once for new due mails. */
  readonly onStart?: (lookAgain: () => void) => void;
};

/** What the connections share: what is due next, and what is in flight. */
export function createDispatcher<Work extends Due>(
  queue: WorkSource<Work>,
  routes: Routes,
  { clock, ticks, pause, patience, onEvent, onStart }: DispatcherTools,
  stop: AbortSignal,
) {
  const queues = createDomainQueues<Work>(routes.connections);
  const supply = createSupply(queue, queues, ticks);
  let inFlight = 0;
  let over = false;
  let changed = Promise.withResolvers<void>();
  const wake = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  onStart?.(() => {
    supply.lookAgain();
    wake();
  });
  const untilChange = async () => {
    const changedFirst = new AbortController();
    await Promise.race([changed.promise, pause(LOOK_AGAIN, changedFirst.signal)]);
    changedFirst.abort();
  };
  const ways = {
    isFree: (domain: string) => routes.choose(domain, clock()) !== undefined,
    areDown: () => routes.down(clock()) !== undefined,
    areBusy: () => inFlight > 0,
  };
  const pick = (): Assignment<Work> | undefined => {
    const now = clock();
    const work = queues.take((domain) => routes.choose(domain, now) !== undefined);
    const route = work && routes.choose(work.domain, now);
    if (!work || !route) return undefined;
    routes.began(route, work.domain, now);
    inFlight += 1;
    return { work, route };
  };
  /** What can be sent at once, without reading the ledger. */
  const next = () => (supply.isWanted(ways) ? undefined : pick());
  /** `undefined` when nothing can be sent and nothing in flight could change that. */
  const take = async (): Promise<Assignment<Work> | undefined> => {
    while (!stop.aborted && !over) {
      await retryUntilDone(() => supply.fill(ways), patience, stop);
      const assignment = pick();
      if (assignment) return assignment;
      if (inFlight > 0) await untilChange();
      else if (supply.isAtEnd() || ways.areDown()) return undefined;
    }
    return undefined;
  };
  /** @returns the outcome to record, and what else is in doubt because of it */
  const answered = (
    { work, route }: Assignment<Work>,
    outcome: Outcome = NOT_SENT,
    took?: number,
  ): Pick<Judged, 'outcome' | 'takeBack'> => {
    const { event, ...judged } = routes.ended({ route, work, outcome }, clock());
    queues.done(work, took);
    if (event) onEvent?.(event);
    return judged;
  };
  const settled = ({ work }: Assignment<Work>) => {
    inFlight -= 1;
    supply.wrote();
    queues.forget(work);
    wake();
  };
  const release = (assignment: Assignment<Work>) => {
    answered(assignment);
    settled(assignment);
  };
  const releaseAndThrow =
    (assignment: Assignment<Work>) =>
    (error: unknown): never => {
      release(assignment);
      throw error;
    };
  /** Hands out no more work. */
  const end = () => {
    over = true;
    wake();
  };
  return {
    next,
    take,
    answered,
    settled,
    release,
    releaseAndThrow,
    end,
    domainsLeft: () => queues.domains(),
  };
}

const NOT_SENT: Outcome = { kind: 'returned', reply: '' };
