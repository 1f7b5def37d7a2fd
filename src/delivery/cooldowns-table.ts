import { inTransaction } from '../db/dialect.ts';
import type { Db, Row, Trx } from '../db/schema.ts';
import type { Instant } from '../domain/time.ts';

/** Records that a domain refuses our mail on a route. */
export async function saveCooldown(db: Db, rest: Row<'rests'>): Promise<void> {
  await db
    .insertInto('rests')
    .values({ ...rest, reply: rest.reply.slice(0, 500) })
    .onConflict((conflict) =>
      conflict
        .columns(['route', 'domain'])
        .doUpdateSet({ until: rest.until, reply: rest.reply.slice(0, 500) }),
    )
    .execute();
}

/** The domains with a cooldown now; expired ones are deleted. */
export async function currentCooldowns(db: Db, now: Instant): Promise<Row<'rests'>[]> {
  return db.selectFrom('rests').selectAll().where('until', '>', now).orderBy('domain').execute();
}

export async function forgetCooldowns(db: Db, now: Instant): Promise<void> {
  await inTransaction(db, (trx) => trx.deleteFrom('rests').where('until', '<=', now).execute());
}

/** Ends all cooldowns. */
export async function endCooldowns(trx: Trx): Promise<void> {
  await trx.deleteFrom('rests').execute();
}
