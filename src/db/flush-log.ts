import { open } from 'node:fs/promises';

/**
 * Flushes a SQLite file's commits to disk, off the event loop. A commit itself does not wait for the
 * disk: it survives the death of any process, but a loss of power undoes what was committed since the last call.
 */
export async function flushLog(path: string): Promise<void> {
  const file = await open(`${path}-wal`, 'r+').catch(() => undefined);
  if (!file) return;
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}
