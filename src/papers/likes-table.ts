import { inTransaction } from '../db/dialect.ts';
import type { Db } from '../db/schema.ts';
import { storedStrings } from '../db/stored.ts';
import type { Instant } from '../domain/time.ts';

const SLICE = 500;

/** The topics of active subscribers with ids above `after`, in the order of ids; subscribers without topics are left out. */
export async function topicsAfter(
  db: Db,
  after: number,
  limit: number,
): Promise<{ id: number; topics: string[] }[]> {
  const rows = await db
    .selectFrom('subscribers')
    .select(['id', 'topics'])
    .where('id', '>', after)
    .where('state', '=', 'active')
    .where('topics', '<>', '[]')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id, topics }) => ({ id, topics: storedStrings(topics) ?? [] }));
}

/** Which of the arXiv ids no source has brought, and nobody has asked arXiv for since the moment. */
export async function unknownIds(db: Db, ids: readonly string[], since: Instant): Promise<string[]> {
  const unknown = new Set(ids);
  for (let start = 0; start < ids.length; start += SLICE) {
    const slice = ids.slice(start, start + SLICE);
    const known = await db.selectFrom('entries').select('key').where('key', 'in', slice).execute();
    for (const { key } of known) unknown.delete(key);
    const asked = await db
      .selectFrom('liked_asked')
      .select('arxiv_id')
      .where('arxiv_id', 'in', slice)
      .where('asked_at', '>', since)
      .execute();
    for (const row of asked) unknown.delete(row.arxiv_id);
  }
  return [...unknown];
}

/** Notes that arXiv has answered about the ids now, and forgets what it answered until `since`. */
export async function saveAskedIds(
  db: Db,
  ids: readonly string[],
  now: Instant,
  since: Instant,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx.deleteFrom('liked_asked').where('asked_at', '<=', since).execute();
    await trx
      .insertInto('liked_asked')
      .values(ids.map((arxiv_id) => ({ arxiv_id, asked_at: now })))
      .onConflict((conflict) => conflict.column('arxiv_id').doUpdateSet({ asked_at: now }))
      .execute();
  });
}
