import type { Core } from '../core.ts';
import { sharedTransaction } from '../db/dialect.ts';
import { retryAt } from '../domain/backoff.ts';
import type { Outcome } from '../domain/delivery.ts';
import { claim, renewClaim, settle, type WorkKey } from '../ledger/claims.ts';
import { acceptLate, type Claim, writeGroup } from '../ledger/claims-bulk.ts';
import { LEASE } from './lease.ts';
import type { Sending } from './sending.ts';

/** A row of the ledger that is to be sent; a delivery as it was read. */
export type Entry = { readonly key: WorkKey; readonly attempts: number; readonly asRead?: Claim };

export type Ledger = {
  claim(entry: Entry): Promise<boolean>;
  /** @returns false when the lease had been lost and the row says what its new owner found */
  settle(entry: Entry, outcome: Outcome): Promise<boolean>;
  holds(entry: Entry): boolean | Promise<boolean>;
};

/** Who claims, and knows until when. */
type Holder = Pick<Sending, 'lease' | 'owner'>;

/** What waits to be written, with what tells whoever waits for it. */
type Gathered = {
  readonly claims: (Claim & Done)[];
  readonly accepted: (Claim & Done & { readonly reply: string })[];
  /** Notices, and whatever else became of a mail. */
  readonly others: (Done & { readonly entry: Entry; readonly outcome?: Outcome })[];
};
type Done = { readonly done: PromiseWithResolvers<boolean> };

/** So many turns of the event loop that bring nothing new end the waiting for others. */
const QUIET_TURNS = 3;

/**
 * Claims and outcomes of all connections, written together: a transaction costs about the same for ten as for one, so
 * what has gathered waits for as long as the event loop brings more. Each caller goes on when its own is committed.
 */
export function createLedger(core: Core, holder: Holder): Ledger {
  let gathered = nothing();
  let writing = false;
  const gather = async () => {
    for (let quiet = 0, before = 0; quiet < QUIET_TURNS; before = sizeOf(gathered)) {
      await new Promise(setImmediate);
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
    claim: async (entry) => {
      const { claims, others } = gathered;
      const claimed = await (entry.asRead ? add(claims, entry.asRead) : add(others, { entry }));
      if (claimed) holder.lease.began(entry.key);
      return claimed;
    },
    settle: async (entry, outcome) => {
      const { accepted, others } = gathered;
      const settled = await (entry.asRead && outcome.kind === 'accepted'
        ? add(accepted, { ...entry.asRead, reply: outcome.reply })
        : add(others, { entry, outcome }));
      holder.lease.ended(entry.key);
      return settled;
    },
    holds: (entry) => holder.lease.isFresh(entry.key) || renew(core, holder, entry),
  };
}

function nothing(): Gathered {
  return { claims: [], accepted: [], others: [] };
}

function sizeOf({ claims, accepted, others }: Gathered): number {
  return claims.length + accepted.length + others.length;
}

/** Nobody waits for what could not be written: they try again. */
async function told(steps: readonly Done[], write: () => Promise<void>): Promise<void> {
  if (steps.length === 0) return;
  try {
    await write();
  } catch (error) {
    for (const { done } of steps) done.reject(error);
  }
}

async function renew(core: Core, { lease, owner }: Holder, { key }: Entry): Promise<boolean> {
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

/** Notices are everybody's: two processes that claimed some in different orders would wait for each other. */
async function writeOthers(core: Core, owner: string, others: Gathered['others']): Promise<void> {
  const now = core.clock();
  const place = ({ key }: Entry) => (key.table === 'notices' ? key.id : 0);
  const inOrder = others.toSorted((one, other) => place(one.entry) - place(other.entry));
  const results = await sharedTransaction(core.store.db, async (trx) => {
    const results: boolean[] = [];
    for (const { entry, outcome } of inOrder) {
      const { key, attempts } = entry;
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
