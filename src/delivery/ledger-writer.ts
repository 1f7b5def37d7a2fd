import type { Core } from '../core.ts';
import { sharedTransaction } from '../db/dialect.ts';
import { retryAt } from '../domain/backoff.ts';
import type { Outcome } from '../domain/delivery.ts';
import { giveWay } from '../domain/slices.ts';
import { claim, renewClaim, settle, type WorkKey } from '../ledger/claims.ts';
import { acceptLate, type Claim, writeGroup } from '../ledger/claims-bulk.ts';
import { LEASE } from './lease.ts';
import type { Sending } from './sending.ts';

/** A row of the ledger to be sent, and for a delivery the row as it was read. */
export type LedgerRow = { readonly key: WorkKey; readonly attempts: number; readonly asRead?: Claim };

export type Ledger = {
  claim(row: LedgerRow): Promise<boolean>;
  /** @returns false when the lease had been lost; the row then holds what its new owner recorded */
  settle(row: LedgerRow, outcome: Outcome): Promise<boolean>;
  holds(row: LedgerRow): boolean | Promise<boolean>;
};

/** The process that claims, and its leases. */
type Holder = Pick<Sending, 'lease' | 'owner'>;

/** What is waiting to be written, each with the promise of its caller. */
type Gathered = {
  readonly claims: (Claim & Done)[];
  readonly accepted: (Claim & Done & { readonly reply: string })[];
  /** Notices, and all other outcomes. */
  readonly others: (Done & { readonly row: LedgerRow; readonly outcome?: Outcome })[];
};
type Done = { readonly done: PromiseWithResolvers<boolean> };

/** After this many turns of the event loop without anything new, the group is written. */
const QUIET_TURNS = 3;

/**
 * Claims and outcomes of all connections, written together: a transaction costs about the same for ten as for one, so
 * a group is held open while the event loop keeps adding to it. Each caller continues when its own row is committed.
 */
export function createLedger(core: Core, holder: Holder): Ledger {
  let gathered = nothing();
  let writing = false;
  const gather = async () => {
    for (let quiet = 0, before = 0; quiet < QUIET_TURNS; before = sizeOf(gathered)) {
      await giveWay();
      quiet = sizeOf(gathered) === before ? quiet + 1 : 0;
    }
  };
  const write = async () => {
    for (await gather(); sizeOf(gathered) > 0; await gather()) {
      const { claims, accepted, others } = gathered;
      gathered = nothing();
      await Promise.all([
        told([...claims, ...accepted], () => writePlain(core, holder.owner, claims, accepted)),
        told(others, () => writeOthers(core, holder.owner, others)),
      ]);
    }
    writing = false;
  };
  const written = ({ done }: Done): Promise<boolean> => {
    if (!writing) {
      writing = true;
      void write();
    }
    return done.promise;
  };
  const add = <Step extends object>(steps: (Step & Done)[], step: Step) => {
    const added = { ...step, done: Promise.withResolvers<boolean>() };
    steps.push(added);
    return written(added);
  };
  return {
    claim: async (row) => {
      const { claims, others } = gathered;
      const claimed = await (row.asRead ? add(claims, row.asRead) : add(others, { row }));
      if (claimed) holder.lease.began(row.key);
      return claimed;
    },
    settle: async (row, outcome) => {
      const { accepted, others } = gathered;
      const settled = await (row.asRead && outcome.kind === 'accepted'
        ? add(accepted, { ...row.asRead, reply: outcome.reply })
        : add(others, { row, outcome }));
      holder.lease.ended(row.key);
      return settled;
    },
    holds: (row) => holder.lease.isFresh(row.key) || renew(core, holder, row),
  };
}

function nothing(): Gathered {
  return { claims: [], accepted: [], others: [] };
}

function sizeOf({ claims, accepted, others }: Gathered): number {
  return claims.length + accepted.length + others.length;
}

/** Callers whose write failed are rejected, so that they retry. */
async function told(steps: readonly Done[], write: () => Promise<void>): Promise<void> {
  if (steps.length === 0) return;
  try {
    await write();
  } catch (error) {
    for (const { done } of steps) done.reject(error);
  }
}

async function renew(core: Core, { lease, owner }: Holder, { key }: LedgerRow): Promise<boolean> {
  const held = await renewClaim(core.store.db, key, owner, core.clock() + LEASE);
  if (held) lease.began(key);
  else core.log.warn({ ...key }, 'this process was held up for so long that another took its mail over');
  return held;
}

async function writePlain(
  core: Core,
  owner: string,
  claims: Gathered['claims'],
  accepted: Gathered['accepted'],
): Promise<void> {
  const now = core.clock();
  const times = { now, leaseUntil: now + LEASE };
  const written = await writeGroup(core.store.db, { claims, accepted, owner, ...times });
  for (const [index, { done }] of claims.entries()) done.resolve(written.claims[index] ?? false);
  for (const [index, row] of accepted.entries())
    row.done.resolve(written.accepted[index] || late(core, row, row.reply));
}

/** All processes claim notices: if two claimed some in different orders, they would deadlock. */
async function writeOthers(core: Core, owner: string, others: Gathered['others']): Promise<void> {
  const now = core.clock();
  const place = ({ key }: LedgerRow) => (key.table === 'notices' ? key.id : 0);
  const inOrder = others.toSorted((one, other) => place(one.row) - place(other.row));
  const results = await sharedTransaction(core.store.db, async (trx) => {
    const results: boolean[] = [];
    for (const { row, outcome } of inOrder) {
      const { key, attempts } = row;
      const times = { now, nextAt: retryAt(now, attempts + 1, Math.random()) };
      const write = outcome ? settle(trx, key, owner, outcome, times) : claim(trx, key, owner, now + LEASE);
      results.push(await write);
    }
    return results;
  });
  for (const [index, { done }] of inOrder.entries()) done.resolve(results[index] ?? false);
}

async function late(core: Core, row: Claim, reply: string): Promise<boolean> {
  const kept = await acceptLate(core.store.db, row, reply, core.clock());
  if (kept)
    core.log.warn({ subscriberId: row.subscriberId }, 'a mail given up as uncertain was accepted after all');
  return kept;
}
