import type { Trx } from '../db/schema.ts';
import { storedLog } from '../db/stored.ts';
import type { RateLimit } from '../domain/rate.ts';
import type { Instant } from '../domain/time.ts';

/** A rate for one thing: `key` names it, an address or everybody. */
export type Limit = RateLimit & {
  readonly key: string;
  /** When it is full, the request is still accepted and counted, and the caller must silently do nothing. */
  readonly quiet?: true;
};

/** What was let through and when, oldest first: [moment, how many]. */
type Log = [Instant, number][];

/** Larger counts are kept by parts of the window, which forget a little late and never early. */
const PARTS = 64;

export type Counted =
  | { readonly ok: true /** Whether a quiet limit was full. */; readonly quietlyFull: boolean }
  | { readonly ok: false; readonly full: Limit /** In milliseconds. */; readonly retryAfter: number };

/**
 * Counts a request against all limits, or against none if one of them is full. A refusal writes nothing, so that repeated
 * requests cost one query and do not fill the table. A full quiet limit does not refuse the request and is not counted
 * further; everything else, down to the SQL statements, is the same as if it had room.
 */
export async function countRequest(trx: Trx, limits: readonly Limit[], now: Instant): Promise<Counted> {
  const logs = await readLogs(trx, limits);
  const next = limits.map((limit) => {
    const log = recent(logs.get(limit.key) ?? [], limit, now);
    return { limit, log, wait: waitFor(log, limit, now) };
  });
  const full = next.find(({ limit, wait }) => wait > 0 && !limit.quiet);
  if (full) return { ok: false, full: full.limit, retryAfter: full.wait };
  const quietlyFull = next.some(({ wait }) => wait > 0);
  const rows = next.map(({ limit, log }) => ({
    key: limit.key,
    log: JSON.stringify(limit.quiet && quietlyFull ? log : withOne(log, limit, now)),
    ends_at: now + limit.per + partOf(limit),
  }));
  await trx
    .insertInto('limits')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet((e) => ({ log: e.ref('excluded.log'), ends_at: e.ref('excluded.ends_at') })),
    )
    .execute();
  return { ok: true, quietlyFull };
}

async function readLogs(trx: Trx, limits: readonly Limit[]): Promise<Map<string, Log>> {
  const keys = limits.map(({ key }) => key);
  const rows = await trx.selectFrom('limits').select(['key', 'log']).where('key', 'in', keys).execute();
  return new Map(rows.map(({ key, log }) => [key, storedLog(log) ?? []]));
}

/** Deletes up to `limit` expired rows. @returns how many */
export async function forgetLimits(trx: Trx, now: Instant, limit: number): Promise<number> {
  const ended = trx.selectFrom('limits').select('key').where('ends_at', '<', now).limit(limit);
  const { numDeletedRows } = await trx
    .deleteFrom('limits')
    .where('key', 'in', ended)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** Small counts are kept to the millisecond. */
function partOf({ count, per }: RateLimit): number {
  return count <= PARTS ? 1 : Math.ceil(per / PARTS);
}

/** A part counts until its own last moment is out of the window. */
function recent(log: Log, rate: RateLimit, now: Instant): Log {
  return log.filter(([at]) => at + partOf(rate) - 1 > now - rate.per);
}

function waitFor(log: Log, rate: RateLimit, now: Instant): number {
  let over = log.reduce((sum, [, count]) => sum + count, 0) - rate.count + 1;
  if (over <= 0) return 0;
  for (const [at, count] of log) {
    over -= count;
    if (over <= 0) return at + partOf(rate) - 1 + rate.per - now;
  }
  return rate.per;
}

function withOne(log: Log, rate: RateLimit, now: Instant): Log {
  const part = partOf(rate);
  const at = now - (now % part);
  const last = log.at(-1);
  return last?.[0] === at ? [...log.slice(0, -1), [at, last[1] + 1]] : [...log, [at, 1]];
}
