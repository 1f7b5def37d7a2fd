import { type Clock, type Instant, SECOND } from '../domain/time.ts';
import type { WorkKey } from '../ledger/claims.ts';

/** How long a claim is valid without renewal. */
export const LEASE = 15 * SECOND;
/** How often claims are renewed. */
export const RENEWAL = LEASE / 3;

/** What this process knows about its own claims and those of others. */
export type LeaseWatch = {
  began(key: WorkKey): void;
  ended(key: WorkKey): void;
  /** @returns to be called when the renewal is committed: it counts from the time of the request */
  renewing(): () => void;
  /** Whether a claim is certainly still ours, without asking the database. */
  isFresh(key: WorkKey): boolean;
  /** Whether another process's claims may be taken over, given its lease and its observed renewals. */
  hasEnded(owner: string, leaseUntil: Instant): boolean;
  /** Forgets what was observed before the database was away, because nobody could renew then. */
  forgetOthers(): void;
};

/**
 * Leases are stored in wall-clock time, and the wall clock may jump. So another process's claims are taken over only when
 * their lease has ended and no renewal was seen for longer than one takes; or when none was seen for a whole lease,
 * whatever it says.
 * @param ticks milliseconds that only go forward; they may stand still while the machine sleeps
 */
export function createLeaseWatch(clock: Clock, ticks: () => number): LeaseWatch {
  type Mark = { readonly at: Instant; readonly tick: number };
  const mine = new Map<string, Mark>();
  const others = new Map<string, { readonly leaseUntil: Instant; readonly tick: number }>();
  let renewal: Mark | undefined;
  const mark = (): Mark => ({ at: clock(), tick: ticks() });
  const isRecent = (seen: Mark | undefined) =>
    seen !== undefined && ticks() - seen.tick < LEASE / 2 && Math.abs(clock() - seen.at) < LEASE / 2;
  return {
    began: (key) => mine.set(nameOf(key), mark()),
    ended: (key) => mine.delete(nameOf(key)),
    renewing: () => {
      const asked = mark();
      return () => {
        renewal = asked;
      };
    },
    isFresh: (key) => isRecent(mine.get(nameOf(key))) || isRecent(renewal),
    hasEnded: (owner, leaseUntil) => {
      const seen = others.get(owner);
      if (seen?.leaseUntil !== leaseUntil) others.set(owner, { leaseUntil, tick: ticks() });
      const unchanged = seen?.leaseUntil === leaseUntil ? ticks() - seen.tick : 0;
      const ended = leaseUntil < clock() ? unchanged > RENEWAL * 1.2 : unchanged > LEASE;
      if (ended) others.delete(owner);
      return ended;
    },
    forgetOthers: () => others.clear(),
  };
}

function nameOf(key: WorkKey): string {
  return key.table === 'notices' ? `notice ${key.id}` : `${key.issueId}/${key.subscriberId}`;
}
