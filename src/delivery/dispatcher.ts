import type { Outcome } from '../domain/delivery.ts';
import type { Clock } from '../domain/time.ts';
import { createDomainQueues } from './domain-queues.ts';
import type { Due } from './queue-types.ts';
import { type Patience, retryUntilDone } from './retry-until-done.ts';
import type { Judged, Route, RouteEvent, Routes } from './routes.ts';
import { createSupply, type Source } from './supply.ts';

/** How long a run that finds nothing looks away while mails are still on the wire. */
const LOOK_AGAIN = 1000;

/** Work that is somebody's turn, and the route by which it goes. */
export type Taken<Work> = { readonly work: Work; readonly route: Route };

export type DispatcherTools = {
  readonly clock: Clock;
  /** Milliseconds that only go forward, whatever happens to the clock. */
  readonly ticks: () => number;
  /** Ends when that many of those milliseconds have passed, or `stop` is aborted; it never rejects. */
  readonly pause: (ms: number, stop: AbortSignal) => Promise<void>;
  readonly patience: Patience;
  readonly onEvent?: (event: RouteEvent) => void;
  /** Given, when the run begins, what makes it look into the ledger at once for what has become due. */
  readonly onStart?: (lookAgain: () => void) => void;
};

/** What the connections share: whose turn it is, and what is on the wire. */
export function createDispatcher<Work extends Due>(
  queue: Source<Work>,
  routes: Routes,
  { clock, ticks, pause, patience, onEvent, onStart }: DispatcherTools,
  stop: AbortSignal,
) {
  const lanes = createDomainQueues<Work>(routes.connections);
  const supply = createSupply(queue, lanes, ticks);
  let wire = 0;
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
    areBusy: () => wire > 0,
  };
  const pick = (): Taken<Work> | undefined => {
    const now = clock();
    const work = lanes.take((domain) => routes.choose(domain, now) !== undefined);
    const route = work && routes.choose(work.domain, now);
    if (!work || !route) return undefined;
    routes.began(route, work.domain, now);
    wire += 1;
    return { work, route };
  };
  /** What may go at once, without a look into the ledger. */
  const next = () => (supply.isWanted(ways) ? undefined : pick());
  /** Nothing when there is nothing that may go, and nothing on the wire that could change that. */
  const take = async (): Promise<Taken<Work> | undefined> => {
    while (!stop.aborted && !over) {
      await retryUntilDone(() => supply.fill(ways), patience, stop);
      const taken = pick();
      if (taken) return taken;
      if (wire > 0) await untilChange();
      else if (supply.isAtEnd() || ways.areDown()) return undefined;
    }
    return undefined;
  };
  /** @returns the outcome to be written down, and what else is in doubt since */
  const answered = (
    { work, route }: Taken<Work>,
    outcome: Outcome = NOT_SENT,
    took?: number,
  ): Pick<Judged, 'outcome' | 'takeBack'> => {
    const { event, ...judged } = routes.ended({ route, work, outcome }, clock());
    lanes.done(work, took);
    if (event) onEvent?.(event);
    return judged;
  };
  const settled = ({ work }: Taken<Work>) => {
    wire -= 1;
    supply.wrote();
    lanes.forget(work);
    wake();
  };
  const off = (taken: Taken<Work>) => {
    answered(taken);
    settled(taken);
  };
  const giveBack =
    (taken: Taken<Work>) =>
    (error: unknown): never => {
      off(taken);
      throw error;
    };
  /** Nobody takes anything any more. */
  const end = () => {
    over = true;
    wake();
  };
  return { next, take, answered, settled, off, giveBack, end, domainsLeft: () => lanes.domains() };
}

const NOT_SENT: Outcome = { kind: 'returned', reply: '' };
