import type { Instant } from '../domain/time.ts';
import type { Trx } from './schema.ts';
import { storedLog } from './stored.ts';

/** Never more than `count` in any span of `window` milliseconds. */
export type Rate = { readonly count: number; readonly window: number };

/** A rate for one thing: `key` names it, an address or everybody. */
export type Limit = Rate & { readonly key: string };

/** What was let through and when, oldest first: [moment, how many]. */
type Log = [Instant, number][];

/** Larger counts are kept by parts of the window, which forget a little late and never early. */
const PARTS = 64;

export type Taken =
  | { readonly ok: true }
  | { readonly ok: false; readonly full: Limit /** In milliseconds. */; readonly retryAfter: number };

/**
 * Counts one against all the limits, or against none when one of them is full. The rows are locked first, in the
 * order of their keys, so that two processes never let through more than one could.
 */
export async function take(trx: Trx, limits: readonly Limit[], now: Instant): Promise<Taken> {
  const keys = limits.map(({ key }) => key).sort();
  const rows = await trx
    .insertInto('limits')
    .values(keys.map((key) => ({ key, log: '[]', ends_at: now })))
    .onConflict((conflict) => conflict.column('key').doUpdateSet((e) => ({ key: e.ref('excluded.key') })))
    .returning(['key', 'log'])
    .execute();
  const logs = new Map(rows.map(({ key, log }) => [key, storedLog(log) ?? []]));
  const next = limits.map((limit) => ({ limit, log: recent(logs.get(limit.key) ?? [], limit, now) }));
  for (const { limit, log } of next) {
    const wait = waitFor(log, limit, now);
    if (wait > 0) return { ok: false, full: limit, retryAfter: wait };
  }
  await trx
    .insertInto('limits')
    .values(
      next.map(({ limit, log }) => ({
        key: limit.key,
        log: JSON.stringify(withOne(log, limit, now)),
        ends_at: now + limit.window + partOf(limit),
      })),
    )
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet((e) => ({ log: e.ref('excluded.log'), ends_at: e.ref('excluded.ends_at') })),
    )
    .execute();
  return { ok: true };
}

/** Forgets what no longer counts. */
export async function forgetLimits(trx: Trx, now: Instant, limit: number): Promise<void> {
  const ended = trx.selectFrom('limits').select('key').where('ends_at', '<', now).limit(limit);
  await trx.deleteFrom('limits').where('key', 'in', ended).execute();
}

/** Small counts are kept to the millisecond. */
function partOf({ count, window }: Rate): number {
  return count <= PARTS ? 1 : Math.ceil(window / PARTS);
}

/** A part counts until its own last moment is out of the window. */
function recent(log: Log, rate: Rate, now: Instant): Log {
  return log.filter(([at]) => at + partOf(rate) - 1 > now - rate.window);
}

function waitFor(log: Log, rate: Rate, now: Instant): number {
  let over = log.reduce((sum, [, count]) => sum + count, 0) - rate.count + 1;
  if (over <= 0) return 0;
  for (const [at, count] of log) {
    over -= count;
    if (over <= 0) return at + partOf(rate) - 1 + rate.window - now;
  }
  return rate.window;
}

function withOne(log: Log, rate: Rate, now: Instant): Log {
  const part = partOf(rate);
  const at = now - (now % part);
  const last = log.at(-1);
  return last?.[0] === at ? [...log.slice(0, -1), [at, last[1] + 1]] : [...log, [at, 1]];
}
