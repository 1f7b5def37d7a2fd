import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** Copies a SQLite database's write-ahead log into its file when it has grown, or when it must be emptied. */
export type Checkpointer = {
  /** Call after each use of the connection that writes. */
  wrote(): void;
  /** Empties the log as soon as no other connection reads from it, because it still contains erased data. */
  empty(): Promise<void>;
  close(): Promise<void>;
};

/** In bytes; about 4,000 mails of a ledger. */
const GROWN = 32 * 2 ** 20;
const LOOK_EVERY = 50;

/** Attempts in a row to empty the log. Each takes at most a tenth of a second, in which writers wait. */
const PERSISTENCE = 5;
/** The pause before trying again to empty a log that is being read, in ms. */
const AGAIN = 200;

/**
 * In a thread of its own: when a commit checkpoints, as SQLite does by default, the event loop waits for the disk. The
 * thread starts when it is first needed.
 * @param grown the size of the log, in bytes, from which it is checkpointed
 */
export function createCheckpointer(path: string, grown = GROWN): Checkpointer {
  let worker: Worker | undefined;
  let busy = false;
  let writes = 0;
  /** Callers who wait for an empty log: for the current order, and for the next one. */
  let served: (() => void)[] = [];
  let waiting: (() => void)[] = [];
  const order = () => {
    if (busy) return;
    try {
      worker ??= begin();
      worker.postMessage(waiting.length > 0 ? 'empty' : 'checkpoint');
      busy = true;
      served = waiting;
      waiting = [];
    } catch {
      // No thread could be started. The log grows until a commit or the next attempt checkpoints it.
      if (waiting.length > 0) setTimeout(order, AGAIN).unref();
    }
  };
  const ended = (isEmpty: boolean) => {
    busy = false;
    if (isEmpty) for (const tell of served) tell();
    else waiting = [...served, ...waiting];
    served = [];
    if (waiting.length > 0) setTimeout(order, isEmpty ? 0 : AGAIN).unref();
    else worker?.unref();
  };
  const begin = () => {
    const options = { workerData: path, resourceLimits: { maxYoungGenerationSizeMb: 2 } };
    const made = new Worker(new URL(import.meta.url), options);
    made.on('message', ended);
    made.on('error', () => {
      worker = undefined;
      ended(false);
    });
    made.unref();
    return made;
  };
  return {
    wrote: () => {
      writes += 1;
      if (busy || writes % LOOK_EVERY !== 0 || sizeOf(`${path}-wal`) < grown) return;
      order();
    },
    empty: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      order();
      // Otherwise the process could exit while a caller waits.
      worker?.ref();
      return promise;
    },
    close: async () => {
      if (!worker) return;
      const exited = new Promise((resolve) => worker?.once('exit', resolve));
      worker.ref();
      worker.postMessage('end');
      await exited;
      for (const tell of [...served, ...waiting]) tell();
    },
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * The first part runs beside writers. What they wrote meanwhile is little, and they wait for the second part: only then
 * is the log restarted as an empty file, whose size says how much it holds.
 */
function serve(path: string): void {
  const database = new DatabaseSync(path, { timeout: 100 });
  database.exec('pragma synchronous = normal');
  parentPort?.on('message', (order: 'checkpoint' | 'empty' | 'end') => {
    if (order === 'end') {
      database.close();
      parentPort?.close();
      return;
    }
    let isEmpty = false;
    for (let tries = order === 'empty' ? PERSISTENCE : 1; tries > 0 && !isEmpty; tries -= 1)
      isEmpty = checkpoint(database);
    parentPort?.postMessage(isEmpty);
  });
}

/** @returns whether the log is empty now */
function checkpoint(database: DatabaseSync): boolean {
  try {
    database.exec('pragma wal_checkpoint(passive)');
    return database.prepare('pragma wal_checkpoint(truncate)').get()?.busy === 0;
  } catch {
    // Another process is checkpointing, or the disk is full, which writers will report. The next order tries again.
    return false;
  }
}

if (!isMainThread && typeof workerData === 'string') serve(workerData);
