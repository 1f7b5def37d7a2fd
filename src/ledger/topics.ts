import type { Db } from '../db/schema.ts';
import type { Instant } from '../domain/time.ts';

/**
 * Whether it is time to tell the operator about a topic; true only for the process that asks first.
 * @param since no report if it was reported after this
 */
export async function reserveTopic(db: Db, topic: string, now: Instant, since: Instant): Promise<boolean> {
  const row = await db
    .insertInto('told')
    .values({ topic, at: now })
    .onConflict((conflict) =>
      conflict
        .column('topic')
        .doUpdateSet({ at: now })
        // A report in the future came from a clock that was wrong.
        .where((e) => e.or([e('told.at', '<', since), e('told.at', '>', now)])),
    )
    .returning('topic')
    .executeTakeFirst();
  return row !== undefined;
}

/** When any process last marked the topic. */
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
