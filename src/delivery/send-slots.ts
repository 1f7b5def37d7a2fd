import type { Db } from '../db/schema.ts';
import type { RateLimit, RateSpan } from '../domain/rate.ts';
import { nextSlots } from '../domain/rate.ts';
import type { Instant } from '../domain/time.ts';

/** The row that holds the pace, which everybody who takes slots waits for. */
const PACE = { per: 0, start: 0 };
const MICRO = 1000;

/** `askAt`: when there will be some, if there are none yet. */
export type Slots = { readonly slots: readonly Instant[]; readonly askAt?: Instant };

/** Reserves the next moments at which a message each may begin, over all processes and restarts, in one transaction. */
export async function reserveSlots(
  db: Db,
  limits: readonly RateLimit[],
  now: Instant,
  wanted: number,
): Promise<Slots> {
  return db.transaction().execute(async (trx) => {
    const pace = await trx
      .insertInto('rates')
      .values({ ...PACE, count: 0 })
      .onConflict((conflict) =>
        conflict.columns(['per', 'start']).doUpdateSet((e) => ({ count: e.ref('rates.count') })),
      )
      .returning('count')
      .executeTakeFirstOrThrow();
    const rows = await trx.selectFrom('rates').selectAll().where('per', '>', 0).execute();
    const spans = rows.map((row) => ({
      per: Number(row.per),
      start: Number(row.start),
      count: Number(row.count),
    }));
    const { state, ...given } = nextSlots(limits, { nextAt: Number(pace.count) / MICRO, spans }, now, wanted);
    await trx
      .updateTable('rates')
      .set({ count: Math.round(state.nextAt * MICRO) })
      .where('per', '=', PACE.per)
      .execute();
    await keepSpans(trx, spans, state.spans);
    return given;
  });
}

async function keepSpans(db: Db, before: readonly RateSpan[], after: readonly RateSpan[]): Promise<void> {
  const isSame = (one: RateSpan, other: RateSpan) => one.per === other.per && one.start === other.start;
  for (const span of before.filter((old) => !after.some((kept) => isSame(old, kept))))
    await db.deleteFrom('rates').where('per', '=', span.per).where('start', '=', span.start).execute();
  const changed = after.filter(
    (span) => !before.some((old) => isSame(old, span) && old.count === span.count),
  );
  for (const span of changed) {
    await db
      .insertInto('rates')
      .values(span)
      .onConflict((conflict) => conflict.columns(['per', 'start']).doUpdateSet({ count: span.count }))
      .execute();
  }
}
