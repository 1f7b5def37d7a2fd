import type { Db, Trx } from '../db/schema.ts';
import { storedStrings } from '../db/stored.ts';
import type { Instant } from '../domain/time.ts';
import { type Days, EVERY_DAY, isDays } from '../domain/weekdays.ts';

/** An address that somebody typed, before anybody looked whose it is. */
export type AskedSignUp = {
  readonly id: number;
  readonly email: string;
  readonly topics: readonly string[];
  readonly days: Days;
  readonly askedAt: Instant;
  /** The subscriber who wants to move there; 0 for a visitor. */
  readonly askedBy: number;
  /** False if the mailbox has reached its limit. */
  readonly mayMail: boolean;
};

export async function queueSignUp(
  db: Db,
  email: string,
  topics: readonly string[],
  now: Instant,
  {
    askedBy = 0,
    mayMail = true,
    days = EVERY_DAY,
  }: Partial<Pick<AskedSignUp, 'askedBy' | 'mayMail' | 'days'>> = {},
): Promise<void> {
  const how = { asked_by: askedBy, may_mail: mayMail ? 1 : 0 };
  const row = { email, topics: JSON.stringify(topics), days, asked_at: now, ...how };
  await db.insertInto('signups').values(row).execute();
}

/** Takes the oldest out of the queue. */
export async function claimSignUps(trx: Trx, limit: number): Promise<AskedSignUp[]> {
  const oldest = trx.selectFrom('signups').select('id').orderBy('id').limit(limit);
  const rows = await trx.deleteFrom('signups').where('id', 'in', oldest).returningAll().execute();
  rows.sort((left, right) => left.id - right.id);
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    topics: storedStrings(row.topics) ?? [],
    days: isDays(row.days) ? row.days : EVERY_DAY,
    askedAt: row.asked_at,
    askedBy: row.asked_by,
    mayMail: row.may_mail === 1,
  }));
}
