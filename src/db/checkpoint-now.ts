import { open } from 'node:fs/promises';

/**
 * Brings what was committed to a SQLite file onto the disk, away from the event loop. A commit itself does not wait for the
 * disk: it survives the death of any process, and a loss of power takes what was committed since the last call.
 */
export async function checkpointNow(path: string): Promise<void> {
  const file = await open(`${path}-wal`, 'r+').catch(() => undefined);
  if (!file) return;
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}
