import type { Core } from '../core.ts';
import type { Db } from '../db/schema.ts';
import { forgetOldSecrets, readSecrets, replaceSecret, type Secrets, secretDates } from '../db/secrets.ts';
import { Fault } from '../domain/fault.ts';
import { type Every, type Instant, SECOND, type Wait } from '../domain/time.ts';

/** How often a process looks which secrets there are. */
const FOLLOW = 2 * SECOND;

/** By then every process signs with a new secret, and what it signed before is on its way. */
export const SETTLING = 10 * SECOND;

/** Reads again which secrets there are: another process may have retired some. */
export async function refreshSecrets(db: Db, secrets: Secrets): Promise<void> {
  const current = await readSecrets(db);
  // The list is everybody's, so it is changed where it is.
  if (current.length > 0) secrets.splice(0, secrets.length, ...current);
}

/** Keeps the secrets of a process that runs for long true. @returns what ends that */
export function followSecrets(db: Db, secrets: Secrets, every: Every): () => void {
  // A database that is away is told of by whoever needs it.
  return every(FOLLOW, () => void refreshSecrets(db, secrets).catch(() => {}));
}

/** Since when each secret is in use, the current one first. */
export async function listSecrets(db: Db): Promise<Instant[]> {
  return secretDates(db);
}

/**
 * What `retireSecrets` would do.
 * @throws Fault USAGE when SECRET is set and there is no other
 */
export async function planRetirement({
  config,
  store,
}: Core): Promise<{ readonly old: number; readonly keeps: boolean }> {
  const keeps = config.SECRET !== undefined;
  const count = (await listSecrets(store.db)).length;
  if (keeps && count === 1) {
    throw new Fault(
      'USAGE',
      'SECRET is set and is the only secret: if it were forgotten, the next start would bring it back.',
      'Set SECRET to a new value wherever Offprint runs (openssl rand -base64 32 makes one), restart it, and run this again.',
    );
  }
  return { old: keeps ? count - 1 : count, keeps };
}

/**
 * Has a new secret sign from now on, unless SECRET says which one does, and forgets all others: nothing that they signed
 * is good any more. It takes `SETTLING`, so that no other process signs with one that is gone.
 * @returns how many were forgotten
 */
export async function retireSecrets(
  core: Core,
  secrets: Secrets,
  wait: Wait,
  stop: AbortSignal,
): Promise<number> {
  const { keeps } = await planRetirement(core);
  if (!keeps) await replaceSecret(core.store.db, core.clock());
  await refreshSecrets(core.store.db, secrets);
  await wait(SETTLING, stop);
  const forgotten = await forgetOldSecrets(core.store.db);
  await refreshSecrets(core.store.db, secrets);
  return forgotten;
}
