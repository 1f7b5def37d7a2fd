import type { App } from '../app.ts';
import { forgetOldSecrets, readSecrets, replaceSecret, secretDates } from '../db/secrets.ts';
import { Fault } from '../domain/fault.ts';
import { type Instant, SECOND } from '../domain/time.ts';

/** How often a process looks which secrets there are. */
const FOLLOW = 2 * SECOND;

/** By then every process signs with a new secret, and what it signed before is on its way. */
export const SETTLING = 10 * SECOND;

/** Reads again which secrets there are: another process may have retired some. */
export async function refreshSecrets(app: App): Promise<void> {
  const secrets = await readSecrets(app.store.db);
  // The list is everybody's, so it is changed where it is.
  if (secrets.length > 0) app.secrets.splice(0, app.secrets.length, ...secrets);
}

/** Keeps the secrets of a process that runs for long true. @returns what ends that */
export function followSecrets(app: App): () => void {
  // A database that is away is told of by whoever needs it.
  const timer = setInterval(() => void refreshSecrets(app).catch(() => {}), FOLLOW);
  timer.unref();
  return () => clearInterval(timer);
}

/** Since when each secret is in use, the current one first. */
export async function listSecrets(app: App): Promise<Instant[]> {
  return secretDates(app.store.db);
}

/**
 * What `retireSecrets` would do.
 * @throws Fault USAGE when SECRET is set and there is no other
 */
export async function planRetirement(app: App): Promise<{ readonly old: number; readonly keeps: boolean }> {
  const keeps = app.config.SECRET !== undefined;
  const count = (await listSecrets(app)).length;
  if (keeps && count === 1) {
    throw new Fault(
      'USAGE',
      'SECRET is set, and it is the only secret there is: forgetting it would bring it back at the next start.',
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
export async function retireSecrets(app: App, stop: AbortSignal): Promise<number> {
  const { keeps } = await planRetirement(app);
  if (!keeps) await replaceSecret(app.store.db, app.clock());
  await refreshSecrets(app);
  await app.wait(SETTLING, stop);
  const forgotten = await forgetOldSecrets(app.store.db);
  await refreshSecrets(app);
  return forgotten;
}
