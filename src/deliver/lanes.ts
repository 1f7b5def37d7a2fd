/**
 * What is due, in one lane per recipient domain, taken in turn. A domain that answers slowly gets one
 * connection, and all slow ones together at most half of them, while somebody else waits.
 */
export type Lanes<Work> = {
  readonly size: number;
  /**
   * Of a domain that is slow, or not free, only some are taken in: they must not keep the others out.
   * @param ahead whether it goes before all that waits for its domain
   */
  add(work: Work, isFree: (domain: string) => boolean, ahead?: boolean): boolean;
  /** The next work of a domain that is free. @param isFree what else keeps a domain back */
  take(isFree: (domain: string) => boolean): Work | undefined;
  /** The work is off the wire. @param ms how long it was there; absent when it never was */
  done(work: Work, ms?: number): void;
  /** The work is written down: should it be due again, it is something new. */
  forget(work: Work): void;
  /** How many wait whose domain is free, and neither slow nor on trial. */
  free(isFree: (domain: string) => boolean): number;
  domains(): Iterable<string>;
};

type Lane<Work> = { readonly domain: string; works: Work[]; wire: number; ms: number | undefined };

/** Slower than this, in ms, and five times slower than the fastest domain is slow. */
const SLOW = 250;
const TIMES_SLOWER = 5;
/** A domain of which nothing is known yet. */
const UNKNOWN_LIMIT = 2;
/** More of one domain is left in the ledger, for the next sweep. */
const LANE_LENGTH = 1000;
/** More of one that is held back. */
const HELD_LENGTH = 500;
/** More than these in all are left there, if their domains are held back. */
const MOST = 5000;

export function createLanes<Work extends { readonly id: string; readonly domain: string }>(
  connections: number,
): Lanes<Work> {
  const lanes = new Map<string, Lane<Work>>();
  /** Of what waits and of what is on the wire: a row that is read again meanwhile is no second mail. */
  const ids = new Set<string>();
  const ring: Lane<Work>[] = [];
  let turn = 0;
  let waiting = 0;
  let best: number | undefined;

  const laneOf = (domain: string): Lane<Work> =>
    lanes.get(domain) ?? { domain, works: [], wire: 0, ms: undefined };
  const isSlow = ({ ms }: Lane<Work>) => ms !== undefined && ms > SLOW && ms > TIMES_SLOWER * (best ?? ms);
  const isHeldBack = (lane: Lane<Work>, isFree: (domain: string) => boolean) =>
    isSlow(lane) || !isFree(lane.domain);
  /** Whether it waits to be seen how soon a domain answers. */
  const isOnTrial = ({ ms, wire }: Lane<Work>) =>
    ms === undefined && wire >= UNKNOWN_LIMIT && ring.length > 1;
  const roomIn = (lane: Lane<Work>, isFree: (domain: string) => boolean) => {
    const most = isHeldBack(lane, isFree) ? Math.min(HELD_LENGTH, MOST - waiting) : LANE_LENGTH;
    return lane.works.length < most;
  };
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
      const work = lane.works.shift();
      if (!work) continue;
      lane.wire += 1;
      waiting -= 1;
      turn = index + 1;
      if (lane.works.length === 0) leave(index);
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
    add: (work, isFree, ahead = false) => {
      const lane = laneOf(work.domain);
      if (ids.has(work.id) || !(ahead || roomIn(lane, isFree))) return false;
      ids.add(work.id);
      lanes.set(work.domain, lane);
      waiting += 1;
      if (lane.works.length === 0) ring.push(lane);
      if (ahead) lane.works.unshift(work);
      else lane.works.push(work);
      return true;
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
      if (lane.wire === 0 && lane.works.length === 0 && lanes.size > 10_000) lanes.delete(work.domain);
    },
    forget: (work) => ids.delete(work.id),
    free: (isFree) => {
      const others = ring.filter((lane) => !isHeldBack(lane, isFree) && !isOnTrial(lane));
      return others.reduce((sum, lane) => sum + lane.works.length, 0);
    },
    domains: () => ring.map((lane) => lane.domain),
  };
}
