import type { Db } from '../../db/schema.ts';
import type { Manners } from './politeness.ts';
import { enterLane, hostRestsUntil, leaveLane, recallAddress, restHost } from './politeness-table.ts';

/** Politeness that lasts over restarts and holds for every process on the database. */
export function storedManners(db: Db): Manners {
  return {
    recall: (source, url) => recallAddress(db, source, url),
    restsUntil: (host) => hostRestsUntil(db, host),
    rest: (host, until) => restHost(db, host, until),
    enter: (lane, now, holdMs) => enterLane(db, lane, now, holdMs),
    leave: (lane, nextAt) => leaveLane(db, lane, nextAt),
  };
}
