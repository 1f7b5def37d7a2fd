import type { Outcome } from '../domain/delivery.ts';
import { retryAt } from '../schedule/backoff.ts';
import { acceptLate, acceptMany, claimMany, keyOf } from '../store/batch.ts';
import type { DueDelivery } from '../store/deliveries.ts';
import { alongside } from '../store/dialect.ts';
import type { Trx } from '../store/schema.ts';
import { claim, renewClaim, settle, type WorkKey } from '../store/work.ts';
import { LEASE } from './lease.ts';
import type { App } from './wire.ts';

/** A row of the ledger that is to be sent; a delivery as it was read. */
export type Entry = { readonly key: WorkKey; readonly attempts: number; readonly asRead?: DueDelivery };

export type Ledger = {
  claim(entry: Entry): Promise<boolean>;
  /** @returns false when the lease had been lost and the row says what its new owner found */
  settle(entry: Entry, outcome: Outcome): Promise<boolean>;
  holds(entry: Entry): boolean | Promise<boolean>;
};

type Step = {
  readonly entry: Entry;
  readonly outcome?: Outcome;
  readonly done: PromiseWithResolvers<boolean>;
};

/** So many turns of the event loop that bring nothing new end the waiting for others. */
const QUIET_TURNS = 3;

/**
 * Claims and outcomes of all connections, written together: a transaction costs about the same for ten as for one, so
 * what has gathered waits for as long as the event loop brings more. Each caller goes on when its own is committed.
 */
export function createLedger(app: App): Ledger {
  let gathered: Step[] = [];
  let writing = false;
  const gather = async () => {
    for (let quiet = 0, before = 0; quiet < QUIET_TURNS; before = gathered.length) {
      await new Promise(setImmediate);
      quiet = gathered.length === before ? quiet + 1 : 0;
    }
  };
  const write = async () => {
    for (await gather(); gathered.length > 0; await gather()) {
      const steps = gathered;
      gathered = [];
      try {
        const results = await alongside(app.store.db, (trx) => apply(app, trx, steps));
        for (const [index, step] of steps.entries()) step.done.resolve(results[index] ?? false);
      } catch (error) {
        for (const step of steps) step.done.reject(error);
      }
    }
    writing = false;
  };
  const add = (entry: Entry, outcome?: Outcome): Promise<boolean> => {
    const done = Promise.withResolvers<boolean>();
    gathered.push({ entry, done, ...(outcome && { outcome }) });
    if (!writing) {
      writing = true;
      void write();
    }
    return done.promise;
  };
  return {
    claim: async (entry) => {
      const claimed = await add(entry);
      if (claimed) app.lease.began(entry.key);
      return claimed;
    },
    settle: async (entry, outcome) => {
      const settled = await add(entry, outcome);
      app.lease.ended(entry.key);
      return settled;
    },
    holds: (entry) => app.lease.isFresh(entry.key) || renew(app, entry),
  };
}

async function renew(app: App, { key }: Entry): Promise<boolean> {
  const held = await renewClaim(app.store.db, key, app.owner, app.clock() + LEASE);
  if (held) app.lease.began(key);
  else app.log.warn({ ...key }, 'this process was held up for so long that another took its mail over');
  return held;
}

/** What every step came to, in their order. */
async function apply(app: App, trx: Trx, steps: readonly Step[]): Promise<boolean[]> {
  const now = app.clock();
  const claims = steps.flatMap(({ entry, outcome }) => (outcome ? [] : (entry.asRead ?? [])));
  const accepts = steps.flatMap(({ entry, outcome }) =>
    entry.asRead && outcome?.kind === 'accepted' ? [{ ...entry.asRead, reply: outcome.reply }] : [],
  );
  const accepted = accepts.length > 0 ? await acceptMany(trx, accepts, app.owner, now) : new Set<string>();
  const claimed =
    claims.length > 0 ? await claimMany(trx, claims, app.owner, now + LEASE) : new Set<string>();
  const results: boolean[] = [];
  for (const [index, { entry, outcome }] of inOrder(steps)) {
    const { key, asRead, attempts } = entry;
    // Taken out of the set: of two steps for one row only one has it.
    if (asRead && !outcome) results[index] = claimed.delete(keyOf(asRead));
    else if (!outcome) results[index] = await claim(trx, key, app.owner, now + LEASE);
    else if (asRead && outcome.kind === 'accepted')
      results[index] = accepted.delete(keyOf(asRead)) || (await late(app, trx, asRead, outcome.reply));
    else {
      const nextAt = retryAt(now, attempts + 1, Math.random());
      results[index] = await settle(trx, key, app.owner, outcome, { now, nextAt });
    }
  }
  return results;
}

/** Notices are everybody's: two processes that claimed some in different orders would wait for each other. */
function inOrder(steps: readonly Step[]): [number, Step][] {
  const place = ({ entry: { key } }: Step) => (key.table === 'notices' ? key.id : 0);
  return [...steps.entries()].toSorted(([, one], [, other]) => place(one) - place(other));
}

async function late(app: App, trx: Trx, row: DueDelivery, reply: string): Promise<boolean> {
  const kept = await acceptLate(trx, row, reply, app.clock());
  if (kept)
    app.log.warn({ subscriberId: row.subscriberId }, 'a mail given up as uncertain was accepted after all');
  return kept;
}
