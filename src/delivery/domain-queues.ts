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
  couldTakeMore(isFree: IsFree): boolean;
  /** Everything is about to be read again, so nothing was left out. */
  beginAnew(): void;
  domains(): Iterable<string>;
};

type Named = { readonly id: string; readonly domain: string };
/** What else keeps a domain back. */
type IsFree = (domain: string) => boolean;

type Lane<Work> = {
  readonly domain: string;
  /** In the order in which they came. */
  readonly ahead: Work[];
  readonly works: Work[];
  wire: number;
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
const LANE_LENGTH = 1000;
/** Of one that is held back. */
const HELD_LENGTH = 500;
/** About so many in all, if their domains are held back. */
const MOST = 5000;
/** A lane with fewer is filled up, if there was more for it. */
const LOW = 100;

export function createDomainQueues<Work extends Named>(connections: number): DomainQueues<Work> {
  const lanes = new Map<string, Lane<Work>>();
  /** Of what waits and of what is on the wire: a row that is read again meanwhile is no second mail. */
  const ids = new Set<string>();
  const ring: Lane<Work>[] = [];
  /** Domains for which there was no place. */
  const cut = new Set<string>();
  let turn = 0;
  let waiting = 0;
  let best: number | undefined;

  const laneOf = (domain: string): Lane<Work> =>
    lanes.get(domain) ?? { domain, ahead: [], works: [], wire: 0, ms: undefined };
  const isSlow = ({ ms }: Lane<Work>) =>
    ms !== undefined && ms > SLOW && ms > Math.min(VERY_SLOW, TIMES_SLOWER * (best ?? ms));
  /** Whether it waits to be seen how soon a domain answers. */
  const isOnTrial = ({ ms, wire }: Lane<Work>) =>
    ms === undefined && wire >= UNKNOWN_LIMIT && ring.length > 1;
  const roomIn = (lane: Lane<Work>, isFree: IsFree) =>
    isSlow(lane) || !isFree(lane.domain) ? Math.min(HELD_LENGTH, MOST - waiting) : LANE_LENGTH;
  const slowOnTheWire = () =>
    [...lanes.values()].reduce((sum, lane) => sum + (isSlow(lane) ? lane.wire : 0), 0);
  /** One connection is always left for somebody else, where there is somebody and a second connection. */
  const hasShare = (lane: Lane<Work>) => {
    if (ring.length < 2) return lane.wire < connections;
    if (isSlow(lane)) return lane.wire === 0 && slowOnTheWire() * 2 < connections;
    return lane.wire < (lane.ms === undefined ? UNKNOWN_LIMIT : Math.max(1, connections - 1));
  };
  /** Where only slow domains wait, they share all connections but one. */
  const hasRest = (lane: Lane<Work>) => isSlow(lane) && slowOnTheWire() < Math.max(1, connections - 1);
  const takeFrom = (mayGo: (lane: Lane<Work>) => boolean): Work | undefined => {
    for (let looked = 0; looked < ring.length; looked += 1) {
      const index = (turn + looked) % ring.length;
      const lane = ring[index];
      if (!lane || !mayGo(lane)) continue;
      const work = lane.ahead.shift() ?? lane.works.shift();
      if (!work) continue;
      lane.wire += 1;
      waiting -= 1;
      turn = index + 1;
      if (lengthOf(lane) === 0) leave(index);
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
      const lane = laneOf(domain);
      const wanted = lane.works.length < roomIn(lane, isFree);
      if (!wanted) cut.add(domain);
      return wanted;
    },
    add: (work, ahead = false) => {
      if (ids.has(work.id)) return;
      const lane = laneOf(work.domain);
      ids.add(work.id);
      lanes.set(work.domain, lane);
      waiting += 1;
      if (lengthOf(lane) === 0) ring.push(lane);
      (ahead ? lane.ahead : lane.works).push(work);
    },
    take: (isFree) => {
      const free = (lane: Lane<Work>) => isFree(lane.domain);
      return (
        takeFrom((lane) => hasShare(lane) && free(lane)) ?? takeFrom((lane) => hasRest(lane) && free(lane))
      );
    },
    done: (work, ms) => {
      const lane = laneOf(work.domain);
      lane.wire -= 1;
      if (ms !== undefined) {
        lane.ms = lane.ms === undefined ? ms : lane.ms * 0.8 + ms * 0.2;
        // Creeps up, so that what was fast once does not make everybody slow for ever.
        best = Math.min((best ?? lane.ms) * 1.01, lane.ms);
      }
      // What was learned of a domain is kept while there are few; a list with a million domains must stay small.
      if (lane.wire === 0 && lengthOf(lane) === 0 && lanes.size > 10_000) lanes.delete(work.domain);
    },
    forget: (work) => ids.delete(work.id),
    free: (isFree) => {
      const others = ring.filter((lane) => !isSlow(lane) && !isOnTrial(lane) && isFree(lane.domain));
      return others.reduce((sum, lane) => sum + lengthOf(lane), 0);
    },
    couldTakeMore: (isFree) =>
      cut.values().some((domain) => {
        const lane = laneOf(domain);
        return lane.works.length < (isSlow(lane) ? 1 : LOW) && isFree(domain);
      }),
    beginAnew: () => cut.clear(),
    domains: () => ring.map((lane) => lane.domain),
  };
}

function lengthOf({ ahead, works }: Lane<unknown>): number {
  return ahead.length + works.length;
}
