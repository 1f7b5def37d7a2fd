import { Worker } from 'node:worker_threads';
import { type ProcessMessage, TOO_LARGE } from './limited-process.ts';

/** Runs in a thread, since work that never ends leaves no time for anything else. */
const WATCHDOG = `const { writeSync } = require('node:fs');
const { parent, bytes, tooLarge } = require('node:worker_threads').workerData;
setInterval(() => {
  const isLarge = process.memoryUsage.rss() > bytes;
  if (isLarge) writeSync(2, tooLarge);
  if (isLarge || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 200);`;

/**
 * Makes this process one that answers the requests of `startProcess`.
 * @param work gives the answer in parts: the other side handles each by itself, so a large answer does not hold it up
 */
export function answerRequests<Request, Part>(
  work: (request: Request) => AsyncIterable<Part> | Iterable<Part>,
): void {
  process.on('message', async (request: Request) => {
    try {
      for await (const part of work(request)) await send({ type: 'part', part });
      await send({ type: 'done' });
    } catch (error) {
      await send(failureOf(error));
    }
  });
  startWatchdog();
  // The terminal sends its signals to the whole group: the program decides when this process ends.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  process.on('disconnect', () => process.exit());
}

/** Ends this process when it takes too much memory, also outside of JavaScript's heap, or when nobody wants its answer. */
function startWatchdog(): void {
  const [parent, megabytes] = process.argv.slice(2).map(Number);
  const workerData = { parent, bytes: (megabytes ?? 0) * 1e6, tooLarge: TOO_LARGE };
  const resourceLimits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 };
  new Worker(WATCHDOG, { eval: true, resourceLimits, workerData }).unref();
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
