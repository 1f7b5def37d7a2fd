import { randomBytes } from 'node:crypto';
import type { Instant } from '../domain/time.ts';
import type { Db, Trx } from './schema.ts';

/** The current one first. */
export type Secrets = [string, ...string[]];

/**
 * Makes the secret current and returns every secret that is not retired, the current one first: old ones still
 * verify the unsubscribe links of old mails.
 * @param configured SECRET; without one, the first start creates and stores a random one
 */
export async function loadOrCreateSecrets(
  db: Db,
  configured: string | undefined,
  now: Instant,
): Promise<Secrets> {
  return db.transaction().execute(async (trx) => {
    const known = await readSecrets(trx);
    const current = configured ?? known[0] ?? randomSecret();
    if (known[0] !== current) await makeCurrent(trx, current, now);
    return [current, ...known.filter((value) => value !== current)];
  });
}

/** All that are not retired, the current one first. */
export async function readSecrets(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('secrets').select('value').orderBy('id', 'desc').execute();
  return rows.map((row) => row.value);
}

/** When each came into use, the current one first. */
export async function secretDates(db: Db): Promise<Instant[]> {
  const rows = await db.selectFrom('secrets').select('created_at').orderBy('id', 'desc').execute();
  return rows.map((row) => row.created_at);
}

/** From now on the new secret signs; the others still verify what they signed. */
export async function replaceSecret(db: Db, now: Instant): Promise<void> {
  await db.transaction().execute((trx) => makeCurrent(trx, randomSecret(), now));
}

/** Forgets all but the current one. @returns how many */
export async function forgetOldSecrets(db: Db): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const [current = ''] = await readSecrets(trx);
    const gone = await trx.deleteFrom('secrets').where('value', '<>', current).executeTakeFirst();
    return Number(gone.numDeletedRows);
  });
}

async function makeCurrent(trx: Trx, value: string, now: Instant): Promise<void> {
  await trx.deleteFrom('secrets').where('value', '=', value).execute();
  await trx.insertInto('secrets').values({ value, created_at: now }).execute();
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}
