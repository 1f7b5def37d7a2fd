import { chmodSync, readdirSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { isPostgresUrl } from '../domain/database-url.ts';
import type { Config } from './load.ts';
import type { Setting } from './setting.ts';
import { SETTINGS } from './table.ts';

type Log = Pick<Logger, 'info' | 'warn'>;

const OTHERS = 0o007;
const GROUP_AND_OTHERS = 0o077;
/** A folder with this bit is shared with its group on purpose: see docs/security.md. */
const SET_GROUP = 0o2000;

/**
 * Takes from other users of the machine what they may do with the database and the outbox, also where both were made
 * before; and warns of keys that others may read, whose rights are the operator's to set.
 */
export function guardFiles(config: Config, outbox: string, log: Log): void {
  // Windows has no such rights.
  if (process.getuid === undefined) return;
  const { DATABASE_URL: database, DKIM_KEY_FILE } = config;
  const taken = isShared(dirname(outbox)) ? OTHERS : GROUP_AND_OTHERS;
  if (!isPostgresUrl(database)) closeDatabase(database, taken, log);
  closeOutbox(outbox, taken, log);
  if (DKIM_KEY_FILE !== undefined) warnIfOpen(DKIM_KEY_FILE, 'the key that signs mails', log);
}

/**
 * Makes a file that the operator named, empty. It is for its own user; where it was there before, its group may read it
 * as before.
 */
export function startPrivateFile(path: string): void {
  writeFileSync(path, '', { mode: 0o600 });
  const found = statSync(path);
  // It may be /dev/null, which is everybody's.
  if (process.getuid !== undefined && found.isFile()) chmodSync(path, found.mode & 0o7777 & ~OTHERS);
}

/** Warns of a `.env` that others may read, if it has a secret in it. */
export function guardSettings(path: string, settings: Readonly<Record<string, string>>, log: Log): void {
  if (Object.entries(settings).some(isSecret)) warnIfOpen(path, 'settings with secrets in them', log);
}

function isSecret([name, value]: [string, string]): boolean {
  const row = (SETTINGS as Readonly<Record<string, Setting<unknown>>>)[name];
  return value !== '' && (row?.secret === true || /:\/\/[^/\s@]*:[^/\s@]+@|\bheader=/.test(value));
}

/** Its folder, too, where that holds nothing else. */
function closeDatabase(path: string, taken: number, log: Log): void {
  if (path === ':memory:') return;
  const own = [path, `${path}-wal`, `${path}-shm`];
  for (const file of own) close(file, taken, log);
  const folder = dirname(path);
  const names = new Set(['outbox', ...own.map((file) => basename(file))]);
  if (readdirSync(folder).every((name) => names.has(name))) close(folder, taken, log);
}

/** Mails of a folder that was open were made open, too. */
function closeOutbox(folder: string, taken: number, log: Log): void {
  if (!close(folder, taken, log)) return;
  // Not what a link leads to: it could be anything.
  const mails = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { name } of mails) close(join(folder, name), taken, log);
}

/** @returns whether anything was taken from anybody */
function close(path: string, taken: number, log: Log): boolean {
  const found = statusOf(path);
  if (found === undefined || (found.mode & taken) === 0) return false;
  try {
    chmodSync(path, found.mode & 0o7777 & ~taken);
    return true;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code;
    log.warn(
      `other users of this machine may read ${path}, and that could not be changed (${why}): chmod it as its owner`,
    );
    return false;
  }
}

function warnIfOpen(path: string, what: string, log: Log): void {
  if (process.getuid === undefined || ((statusOf(path)?.mode ?? 0) & 0o004) === 0) return;
  log.warn(`every user of this machine may read ${path}, ${what}: chmod 600 ${path}`);
}

function isShared(folder: string): boolean {
  return ((statusOf(folder)?.mode ?? 0) & SET_GROUP) !== 0;
}

function statusOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
