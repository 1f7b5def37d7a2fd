import { inTransaction } from '../../db/dialect.ts';
import type { Db } from '../../db/schema.ts';
import type { Instant } from '../../domain/time.ts';
import type { Validators } from './politeness.ts';

/** What a source's address said last time of the body whose entries are kept. */
export async function recallAddress(db: Db, source: string, url: string): Promise<Validators | undefined> {
  const row = await db
    .selectFrom('addresses')
    .select(['etag', 'last_modified'])
    .where('source', '=', source)
    .where('url', '=', url)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    url,
    ...(row.etag && { etag: row.etag }),
    ...(row.last_modified && { lastModified: row.last_modified }),
  };
}

/** To be called after the entries of these addresses are kept: a crash between the two reads them again. */
export async function saveAddresses(
  db: Db,
  source: string,
  validators: readonly Validators[],
  now: Instant,
): Promise<void> {
  for (const { url, etag = '', lastModified = '' } of validators) {
    const values = { source, url, etag, last_modified: lastModified, seen_at: now };
    await db
      .insertInto('addresses')
      .values(values)
      .onConflict((conflict) => conflict.columns(['source', 'url']).doUpdateSet(values))
      .execute();
  }
}

/** Forgets addresses that nobody has asked for since the moment, as the daily lists of long ago. */
export async function forgetAddresses(db: Db, before: Instant): Promise<void> {
  await inTransaction(db, (trx) => trx.deleteFrom('addresses').where('seen_at', '<', before).execute());
}

export async function hostCooldownUntil(db: Db, host: string): Promise<Instant> {
  const row = await db.selectFrom('hosts').select('rests_until').where('host', '=', host).executeTakeFirst();
  return row?.rests_until ?? 0;
}

export async function coolDownHost(db: Db, host: string, until: Instant): Promise<void> {
  const values = { host, rests_until: until };
  await db
    .insertInto('hosts')
    .values(values)
    .onConflict((conflict) => conflict.column('host').doUpdateSet(values))
    .execute();
}

/** One conditional UPDATE decides who is in the lane. @returns 0 for us, else how long it is taken, in ms */
export async function enterLane(db: Db, lane: string, now: Instant, holdMs: number): Promise<number> {
  await db
    .insertInto('lanes')
    .values({ lane, free_at: 0 })
    .onConflict((conflict) => conflict.column('lane').doNothing())
    .execute();
  const entered = await db
    .updateTable('lanes')
    .set({ free_at: now + holdMs })
    .where('lane', '=', lane)
    // Nobody holds it for longer: such a moment is of a clock that went wrong.
    .where((e) => e.or([e('free_at', '<=', now), e('free_at', '>', now + holdMs)]))
    .executeTakeFirst();
  if (entered.numUpdatedRows === 1n) return 0;
  const row = await db.selectFrom('lanes').select('free_at').where('lane', '=', lane).executeTakeFirst();
  // Who is in the lane may leave it early: look again soon.
  return Math.max(50, Math.min(500, (row?.free_at ?? now) - now));
}

export async function leaveLane(db: Db, lane: string, freeAt: Instant): Promise<void> {
  await db.updateTable('lanes').set({ free_at: freeAt }).where('lane', '=', lane).execute();
}
