/**
 * What is due, in one lane per recipient domain, taken in turn. A domain that answers slowly gets one
 * connection, and all slow ones together at most half of them, while somebody else waits.
 */
export type DomainQueues<Work> = {
  readonly size: number;
  /**
   * Whether there is a place for it and it is not here yet. Of a domain that is slow, or not free, only some are taken in: they
   * must not keep the others out.
   */
  wants(due: Named, isFree: IsFree): boolean;
  /** @param ahead whether it goes before all that waits for its domain and came without that */
  add(work: Work, ahead?: boolean): void;
  /** The next work of a domain that is free. */
  take(isFree: IsFree): Work | undefined;
  /** The work is off the wire. @param ms how long it was there; absent when it never was */
  done(work: Work, ms?: number): void;
  /** The work is written down: should it be due again, it is something new. */
  forget(work: Work): void;
  /** How many wait whose domain is free, and neither slow nor on trial. */
  free(isFree: IsFree): number;
  /** Whether a domain, for which there was no place once, could do with more by now. */
  hasRoomForMore(isFree: IsFree): boolean;
  /** Everything is about to be read again, so nothing was left out. */
  resetSweep(): void;
  domains(): Iterable<string>;
};

type Named = { readonly id: string; readonly domain: string };
/** What else keeps a domain back. */
type IsFree = (domain: string) => boolean;

type DomainQueue<Work> = {
  readonly domain: string;
  /** In the order in which they came. */
  readonly ahead: Work[];
  readonly works: Work[];
  inFlight: number;
  ms: number | undefined;
};

/** Slower than this, in ms, and five times slower than the fastest domain is slow ... */
const SLOW = 250;
const TIMES_SLOWER = 5;
/** ... and so is this, whatever the others are. */
const VERY_SLOW = 5000;
/** Of a domain of which nothing is known yet: several that are slow must not have all connections. */
const UNKNOWN_LIMIT = 1;
/** About so many of one domain; more are left in the ledger. */
const MAX_QUEUE_LENGTH = 1000;
/** Of one that is held back. */
const MAX_HELD = 500;
/** About so many in all, if their domains are held back. */
const MAX_WAITING = 5000;
/** A lane with fewer is filled up, if there was more for it. */
const REFILL_BELOW = 100;

export function createDomainQueues<Work extends Named>(connections: number): DomainQueues<Work> {
  const queues = new Map<string, DomainQueue<Work>>();
  /** Of what waits and of what is on the wire: a row that is read again meanwhile is no second mail. */
  const ids = new Set<string>();
  const ring: DomainQueue<Work>[] = [];
  /** Domains for which there was no place. */
  const leftOut = new Set<string>();
  let turn = 0;
  let waiting = 0;
  let best: number | undefined;

  const queueOf = (domain: string): DomainQueue<Work> =>
    queues.get(domain) ?? { domain, ahead: [], works: [], inFlight: 0, ms: undefined };
  const isSlow = ({ ms }: DomainQueue<Work>) =>
    ms !== undefined && ms > SLOW && ms > Math.min(VERY_SLOW, TIMES_SLOWER * (best ?? ms));
  /** Whether it waits to be seen how soon a domain answers. */
  const isOnTrial = ({ ms, inFlight }: DomainQueue<Work>) =>
    ms === undefined && inFlight >= UNKNOWN_LIMIT && ring.length > 1;
  const roomIn = (queue: DomainQueue<Work>, isFree: IsFree) =>
    isSlow(queue) || !isFree(queue.domain) ? Math.min(MAX_HELD, MAX_WAITING - waiting) : MAX_QUEUE_LENGTH;
  const slowOnTheWire = () =>
    [...queues.values()].reduce((sum, queue) => sum + (isSlow(queue) ? queue.inFlight : 0), 0);
  /** One connection is always left for somebody else, where there is somebody and a second connection. */
  const hasShare = (queue: DomainQueue<Work>) => {
    if (ring.length < 2) return queue.inFlight < connections;
    if (isSlow(queue)) return queue.inFlight === 0 && slowOnTheWire() * 2 < connections;
    return queue.inFlight < (queue.ms === undefined ? UNKNOWN_LIMIT : Math.max(1, connections - 1));
  };
  /** Where only slow domains wait, they share all connections but one. */
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
        // Creeps up, so that what was fast once does not make everybody slow for ever.
        best = Math.min((best ?? queue.ms) * 1.01, queue.ms);
      }
      // What was learned of a domain is kept while there are few; a list with a million domains must stay small.
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
