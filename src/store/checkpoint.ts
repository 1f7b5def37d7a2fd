import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** Brings a SQLite database's write-ahead log into its file when it has grown. */
export type Checkpointer = {
  /** To be called after each use of the connection that writes. */
  wrote(): void;
  close(): Promise<void>;
};

/** In bytes; about 4,000 mails of a ledger. */
const GROWN = 32 * 2 ** 20;
const LOOK_EVERY = 50;

/**
 * In a thread of its own: done by a commit, as SQLite does it, it holds the event loop for as long as the disk takes. The
 * thread begins when it is needed for the first time.
 * @param grown the size of the log, in bytes, from which on it is brought in
 */
export function createCheckpointer(path: string, grown = GROWN): Checkpointer {
  let worker: Worker | undefined;
  let busy = false;
  let writes = 0;
  const begin = () => {
    const options = { workerData: path, resourceLimits: { maxYoungGenerationSizeMb: 2 } };
    const made = new Worker(new URL(import.meta.url), options);
    made.on('message', () => {
      busy = false;
    });
    made.on('error', () => {
      worker = undefined;
      busy = false;
    });
    made.unref();
    return made;
  };
  return {
    wrote: () => {
      writes += 1;
      if (busy || writes % LOOK_EVERY !== 0 || sizeOf(`${path}-wal`) < grown) return;
      try {
        worker ??= begin();
        worker.postMessage('checkpoint');
        busy = true;
      } catch {
        // No thread could be made: the log grows until a commit brings it in, or the next try does.
      }
    },
    close: async () => {
      if (!worker) return;
      const ended = new Promise((resolve) => worker?.once('exit', resolve));
      worker.ref();
      worker.postMessage('end');
      await ended;
    },
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * The first part goes on beside whoever writes. What was written meanwhile is little, and they wait for it: only then
 * does the log begin from its start again, as an empty file: its size says how much is in it.
 */
function serve(path: string): void {
  const database = new DatabaseSync(path, { timeout: 100 });
  database.exec('pragma synchronous = normal');
  parentPort?.on('message', (order: 'checkpoint' | 'end') => {
    if (order === 'end') {
      database.close();
      parentPort?.close();
      return;
    }
    try {
      for (const mode of ['passive', 'truncate']) database.exec(`pragma wal_checkpoint(${mode})`);
    } catch {
      // Somebody else is at it, or the disk is full, which those who write find out and say: the next order tries again.
    }
    parentPort?.postMessage('done');
  });
}

if (!isMainThread && typeof workerData === 'string') serve(workerData);
