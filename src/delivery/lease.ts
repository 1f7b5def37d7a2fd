import { type Clock, type Instant, SECOND } from '../domain/time.ts';
import type { WorkKey } from '../ledger/claims.ts';

/** How long a claim holds without being renewed. */
export const LEASE = 15 * SECOND;
/** How often claims are renewed. */
export const RENEWAL = LEASE / 3;

/** What this process knows of its own claims, and of those of others. */
export type LeaseWatch = {
  began(key: WorkKey): void;
  ended(key: WorkKey): void;
  /** @returns to be called when the renewal is written: it counts from when it was asked for */
  renewing(): () => void;
  /** Whether a claim is surely still ours, without asking the database. */
  isFresh(key: WorkKey): boolean;
  /** Whether the claims of another may be taken over by what its lease says and by what was seen of it. */
  hasEnded(owner: string, leaseUntil: Instant): boolean;
  /** What was seen before the database was away says nothing: nobody could renew. */
  forgetOthers(): void;
};

/**
 * Leases are written in wall-clock time and the wall clock may jump. So another's claims are taken over only when
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
