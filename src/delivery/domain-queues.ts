/**
 * What is due, in one queue per recipient domain, served in turn. A domain that answers slowly gets one
 * connection, and all slow ones together at most half of the connections, while others wait.
 */
export type DomainQueues<Work> = {
  readonly size: number;
  /**
   * Whether there is room for it and it is not queued yet. Only some work of a slow or blocked domain is queued, so that it does
   * not crowd out the others.
   */
  wants(due: Named, isFree: IsFree): boolean;
  /** @param ahead whether it goes before everything else that waits for its domain */
  add(work: Work, ahead?: boolean): void;
  /** The next work of a domain that is free. */
  take(isFree: IsFree): Work | undefined;
  /** The work is no longer in flight. @param ms how long it was; absent when it never was */
  done(work: Work, ms?: number): void;
  /** The outcome is recorded: if it becomes due again, it counts as new. */
  forget(work: Work): void;
  /** How many are waiting whose domain is free, and neither slow nor on trial. */
  free(isFree: IsFree): number;
  /** Whether a domain that was cut off at its limit has room for more now. */
  hasRoomForMore(isFree: IsFree): boolean;
  /** A new sweep starts, so nothing counts as left out. */
  resetSweep(): void;
  domains(): Iterable<string>;
};

export type Named = { readonly id: string; readonly domain: string };
/** Whether nothing else blocks a domain. */
type IsFree = (domain: string) => boolean;

type DomainQueue<Work> = {
  readonly domain: string;
  /** In order of arrival. */
  readonly ahead: Work[];
  readonly works: Work[];
  inFlight: number;
  ms: number | undefined;
};

/** A domain is slow if it takes longer than this, in ms, and five times longer than the fastest one, */
const SLOW = 250;
const TIMES_SLOWER = 5;
/** or longer than this, however slow the others are. */
const VERY_SLOW = 5000;
/** Connections for a domain that has not answered yet: several slow ones must not take all connections. */
const UNKNOWN_LIMIT = 1;
/** Roughly how many of one domain are queued; the rest stays in the ledger. */
const MAX_QUEUE_LENGTH = 1000;
/** The same for a domain that is slow or blocked. */
const MAX_HELD = 500;
/** Roughly how many of slow or blocked domains are queued in all. */
const MAX_WAITING = 5000;
/** A queue with fewer than this is refilled if something was left out. */
const REFILL_BELOW = 100;

export function createDomainQueues<Work extends Named>(connections: number): DomainQueues<Work> {
  const queues = new Map<string, DomainQueue<Work>>();
  /** Ids of waiting and in-flight work: a row that is read again meanwhile must not become a second mail. */
  const ids = new Set<string>();
  const ring: DomainQueue<Work>[] = [];
  /** Domains with work that was left out. */
  const leftOut = new Set<string>();
  let turn = 0;
  let waiting = 0;
  let best: number | undefined;

  const queueOf = (domain: string): DomainQueue<Work> =>
    queues.get(domain) ?? { domain, ahead: [], works: [], inFlight: 0, ms: undefined };
  const isSlow = ({ ms }: DomainQueue<Work>) =>
    ms !== undefined && ms > SLOW && ms > Math.min(VERY_SLOW, TIMES_SLOWER * (best ?? ms));
  /** Whether the domain's first answer is still awaited. */
  const isOnTrial = ({ ms, inFlight }: DomainQueue<Work>) =>
    ms === undefined && inFlight >= UNKNOWN_LIMIT && ring.length > 1;
  const roomIn = (queue: DomainQueue<Work>, isFree: IsFree) =>
    isSlow(queue) || !isFree(queue.domain) ? Math.min(MAX_HELD, MAX_WAITING - waiting) : MAX_QUEUE_LENGTH;
  const slowOnTheWire = () =>
    [...queues.values()].reduce((sum, queue) => sum + (isSlow(queue) ? queue.inFlight : 0), 0);
  /** One connection is always left for other domains, if there are others and a second connection. */
  const hasShare = (queue: DomainQueue<Work>) => {
    if (ring.length < 2) return queue.inFlight < connections;
    if (isSlow(queue)) return queue.inFlight === 0 && slowOnTheWire() * 2 < connections;
    return queue.inFlight < (queue.ms === undefined ? UNKNOWN_LIMIT : Math.max(1, connections - 1));
  };
  /** When only slow domains wait, they share all connections but one. */
  const hasRest = (queue: DomainQueue<Work>) =>
    isSlow(queue) && slowOnTheWire() < Math.max(1, connections - 1);
  const takeFrom = (mayGo: (queue: DomainQueue<Work>) => boolean): Work | undefined => {
    for (let looked = 0; looked < ring.length; looked += 1) {
      const index = (turn + looked) % ring.length;
      const queue = ring[index];
      if (!queue || !mayGo(queue)) continue;
      const work = queue.ahead.shift() ?? queue.works.shift();
      if (!work) continue;
      queue.inFlight += 1;
      waiting -= 1;
      turn = index + 1;
      if (lengthOf(queue) === 0) leave(index);
      return work;
    }
    return undefined;
  };
  const leave = (index: number) => {
    ring.splice(index, 1);
    if (turn > index) turn -= 1;
  };
  return {
    get size() {
      return waiting;
    },
    wants: ({ id, domain }, isFree) => {
      if (ids.has(id)) return false;
      const queue = queueOf(domain);
      const wanted = queue.works.length < roomIn(queue, isFree);
      if (!wanted) leftOut.add(domain);
      return wanted;
    },
    add: (work, ahead = false) => {
      if (ids.has(work.id)) return;
      const queue = queueOf(work.domain);
      ids.add(work.id);
      queues.set(work.domain, queue);
      waiting += 1;
      if (lengthOf(queue) === 0) ring.push(queue);
      (ahead ? queue.ahead : queue.works).push(work);
    },
    take: (isFree) => {
      const free = (queue: DomainQueue<Work>) => isFree(queue.domain);
      return (
        takeFrom((queue) => hasShare(queue) && free(queue)) ??
        takeFrom((queue) => hasRest(queue) && free(queue))
      );
    },
    done: (work, ms) => {
      const queue = queueOf(work.domain);
      queue.inFlight -= 1;
      if (ms !== undefined) {
        queue.ms = queue.ms === undefined ? ms : queue.ms * 0.8 + ms * 0.2;
        // Rises slowly, so that one fast domain does not mark all others as slow forever.
        best = Math.min((best ?? queue.ms) * 1.01, queue.ms);
      }
      // Statistics of idle domains are kept only while there are few domains: a list may have a million.
      if (queue.inFlight === 0 && lengthOf(queue) === 0 && queues.size > 10_000) queues.delete(work.domain);
    },
    forget: (work) => ids.delete(work.id),
    free: (isFree) => {
      const others = ring.filter((queue) => !isSlow(queue) && !isOnTrial(queue) && isFree(queue.domain));
      return others.reduce((sum, queue) => sum + lengthOf(queue), 0);
    },
    hasRoomForMore: (isFree) =>
      leftOut.values().some((domain) => {
        const queue = queueOf(domain);
        return queue.works.length < (isSlow(queue) ? 1 : REFILL_BELOW) && isFree(domain);
      }),
    resetSweep: () => leftOut.clear(),
    domains: () => ring.map((queue) => queue.domain),
  };
}

function lengthOf({ ahead, works }: DomainQueue<unknown>): number {
  return ahead.length + works.length;
}
