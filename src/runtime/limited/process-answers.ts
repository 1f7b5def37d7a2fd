import { constants, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type ProcessMessage, type ProcessRequest, TOO_LARGE, TOO_SLOW } from './limited-process.ts';

/** Runs in a thread, because work that never ends leaves no time for anything else. */
const WATCHDOG = `const { writeSync } = require('node:fs');
const { parent, milliseconds, bytes, begun, tooLarge, tooSlow } = require('node:worker_threads').workerData;
const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
setInterval(() => {
  const isLarge = process.memoryUsage.rss() > bytes;
  const isSlow = used() - Atomics.load(begun, 0) > milliseconds;
  if (isLarge || isSlow) writeSync(2, isLarge ? tooLarge : tooSlow);
  if (isLarge || isSlow || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 200);`;

/**
 * Makes this process answer the requests of `startProcess`, at a lower priority than those that serve pages and mails,
 * which come which come which come which come first where processors are few.
 * @param work gives the answer in parts: the other side handles each by itself, so a large answer does not hold it up
 */
export function answerRequests<Request, Part>(
  work: (request: Request, bytes: Buffer) => AsyncIterable<Part> | Iterable<Part>,
): void {
  lowerPriority();
  const begin = startWatchdog();
  let pieces: Uint8Array[] = [];
  process.on('message', async (message: ProcessRequest<Request>) => {
    if (message.type === 'bytes') return void pieces.push(message.bytes);
    const bytes = Buffer.concat(pieces);
    pieces = [];
    begin();
    await answer(() => work(message.request, bytes));
  });
  // The terminal sends its signals to the whole group: the program decides when this process ends.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  process.on('disconnect', () => process.exit());
}

/** Where the system does not allow that, the process works without it. */
function lowerPriority(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {}
}

async function answer<Part>(work: () => AsyncIterable<Part> | Iterable<Part>): Promise<void> {
  try {
    for await (const part of work()) await send({ type: 'part', part });
    await send({ type: 'done' });
  } catch (error) {
    await send(failureOf(error));
  }
}

/**
 * Ends this process when it takes too much memory, also outside of JavaScript's heap, when a request takes too much of
 * a processor's time, or when nobody is there any more who wants the answer.
 * @returns what says that a request begins
 */
function startWatchdog(): () => void {
  const [parent, seconds = 0, megabytes = 0] = process.argv.slice(2).map(Number);
  const begun = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const limits = { milliseconds: seconds * 1000, bytes: megabytes * 1e6 };
  const workerData = { parent, ...limits, begun, tooLarge: TOO_LARGE, tooSlow: TOO_SLOW };
  const resourceLimits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 };
  new Worker(WATCHDOG, { eval: true, resourceLimits, workerData }).unref();
  return () => {
    const { user, system } = process.cpuUsage();
    Atomics.store(begun, 0, (user + system) / 1000);
  };
}

/** The other side may be gone: then there is nobody to tell. */
function send<Part>(message: ProcessMessage<Part>): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, () => resolve());
  });
}

/** An error's own fields are lost when it is sent as an error, so they are sent as a value. */
function failureOf(error: unknown): ProcessMessage<never> {
  const { message, name } = error instanceof Error ? error : new Error(String(error));
  const own = error instanceof Error ? { ...error } : {};
  return { type: 'error', message, fields: JSON.parse(JSON.stringify({ ...own, name })) };
}
