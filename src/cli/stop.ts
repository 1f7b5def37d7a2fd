import { SECOND } from '../domain/time.ts';

/** Past this the program ends whatever is still going on: who stops it expects that within ten seconds. */
const STOP_LIMIT = 7 * SECOND;

/** The first signal asks to finish what is on the wire; a second one ends at once. */
export function stopOnSignals(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(0);
    controller.abort();
    setTimeout(() => process.exit(0), STOP_LIMIT).unref();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  if (process.env.npm_execpath) stopWithParent(stop);
  return controller.signal;
}

/** npm and npx die of SIGTERM without passing it on: what they started would go on alone. */
function stopWithParent(stop: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, SECOND);
  timer.unref();
}
