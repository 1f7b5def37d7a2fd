import type { Instant } from '../domain/time.ts';
import type { Db, Trx } from './schema.ts';
import { storedStrings } from './stored.ts';

/** An address that somebody typed, before anybody looked whose it is. */
export type AskedSignUp = {
  readonly id: number;
  readonly email: string;
  readonly topics: readonly string[];
  readonly askedAt: Instant;
};

export async function queueSignUp(
  db: Db,
  email: string,
  topics: readonly string[],
  now: Instant,
): Promise<void> {
  const row = { email, topics: JSON.stringify(topics), asked_at: now };
  await db.insertInto('signups').values(row).execute();
}

/** Takes the oldest out of the queue. */
export async function takeSignUps(trx: Trx, limit: number): Promise<AskedSignUp[]> {
  const oldest = trx.selectFrom('signups').select('id').orderBy('id').limit(limit);
  const rows = await trx
    .deleteFrom('signups')
    .where('id', 'in', oldest)
    .returning(['id', 'email', 'topics', 'asked_at'])
    .execute();
  rows.sort((left, right) => left.id - right.id);
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    topics: storedStrings(row.topics) ?? [],
    askedAt: row.asked_at,
  }));
}
