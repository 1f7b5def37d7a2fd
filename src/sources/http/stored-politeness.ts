import type { Db } from '../../db/schema.ts';
import type { Politeness } from './politeness.ts';
import { coolDownHost, enterLane, hostCooldownUntil, leaveLane, recallAddress } from './politeness-table.ts';

/** Politeness that lasts over restarts and holds for every process on the database. */
export function storedPoliteness(db: Db): Politeness {
  return {
    recall: (source, url) => recallAddress(db, source, url),
    restsUntil: (host) => hostCooldownUntil(db, host),
    rest: (host, until) => coolDownHost(db, host, until),
    enter: (lane, now, holdMs) => enterLane(db, lane, now, holdMs),
    leave: (lane, nextAt) => leaveLane(db, lane, nextAt),
  };
}
