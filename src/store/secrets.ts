import { randomBytes } from 'node:crypto';
import type { Instant } from '../domain/time.ts';
import type { Db } from './schema.ts';

/**
 * Makes the secret current and gives every secret ever used, the current one first: old ones still
 * verify the unsubscribe links of old mails.
 * @param configured SECRET; without one, the first start makes a random one and keeps it
 */
export async function keepSecrets(
  db: Db,
  configured: string | undefined,
  now: Instant,
): Promise<[string, ...string[]]> {
  return db.transaction().execute(async (trx) => {
    const rows = await trx.selectFrom('secrets').select('value').orderBy('id', 'desc').execute();
    const known = rows.map((row) => row.value);
    const current = configured ?? known[0] ?? randomBytes(32).toString('base64url');
    if (known[0] !== current) {
      await trx.deleteFrom('secrets').where('value', '=', current).execute();
      await trx.insertInto('secrets').values({ value: current, created_at: now }).execute();
    }
    return [current, ...known.filter((value) => value !== current)];
  });
}
