import { openApp } from '../app/open.ts';
import type { App } from '../app/wire.ts';
import { SECOND } from '../domain/time.ts';

/** What a command has of the outside world. */
export type Host = {
  /** One line, or several, for standard output. */
  print(text: string): void;
  /** For standard error. */
  complain(text: string): void;
  /** Aborted when the program is asked to end. */
  readonly stop: AbortSignal;
  /** Builds the live objects from the settings; the caller closes them. */
  open(): Promise<App>;
};

/** Past this the program ends whatever is still going on: who stops it expects that within ten seconds. */
const STOP_LIMIT = 9 * SECOND;

export function processHost(): Host {
  return {
    print: (text) => console.log(text),
    complain: (text) => console.error(text),
    stop: stopOnSignals(),
    open: openApp,
  };
}

/** The first signal asks to finish what is on the wire; a second one ends at once. */
function stopOnSignals(): AbortSignal {
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

/** Runs something with the live objects and closes them whatever happens. */
export async function withApp<Result>(host: Host, use: (app: App) => Promise<Result>): Promise<Result> {
  const app = await host.open();
  try {
    return await use(app);
  } finally {
    await app.close();
  }
}
