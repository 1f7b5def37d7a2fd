import type { Db } from '../db/schema.ts';
import type { Instant } from '../domain/time.ts';

/**
 * Whether it is time to tell the operator of a topic, in the one process that asks first.
 * @param since when it was last told, it is not told again
 */
export async function reserveTopic(db: Db, topic: string, now: Instant, since: Instant): Promise<boolean> {
  const row = await db
    .insertInto('told')
    .values({ topic, at: now })
    .onConflict((conflict) =>
      conflict
        .column('topic')
        .doUpdateSet({ at: now })
        // What was told in the future was told by a clock that went wrong.
        .where((e) => e.or([e('told.at', '<', since), e('told.at', '>', now)])),
    )
    .returning('topic')
    .executeTakeFirst();
  return row !== undefined;
}

/** When something was last marked under a topic, by any process. */
export async function lastTold(db: Db, topic: string): Promise<Instant | undefined> {
  return (await db.selectFrom('told').select('at').where('topic', '=', topic).executeTakeFirst())?.at;
}

export async function markTold(db: Db, topic: string, now: Instant): Promise<void> {
  await db
    .insertInto('told')
    .values({ topic, at: now })
    .onConflict((conflict) => conflict.column('topic').doUpdateSet({ at: now }))
    .execute();
}
