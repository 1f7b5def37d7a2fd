import { createInterface } from 'node:readline/promises';
import type { App } from '../app.ts';
import { printable } from '../domain/printable.ts';
import { openApp } from '../runtime/open-app.ts';
import type { Terminal } from './progress-line.ts';

/** What a command has of the outside world. */
export type Host = {
  /** One line, or several, for standard output. */
  print(text: string): void;
  /** Text that another program reads from standard output, as it is. */
  pipe(text: string): void;
  /** For standard error. */
  complain(text: string): void;
  /** What a person at the terminal answers; `undefined` where there is none. */
  ask(question: string): Promise<string | undefined>;
  /** Standard output, where a person watches it. */
  readonly terminal: Terminal | undefined;
  /** Aborted when the program is asked to end. */
  readonly stop: AbortSignal;
  /** Builds the live objects from the settings; the caller closes them. */
  open(): Promise<App>;
};

/** @param stop aborted when the process is asked to end */
export function processHost(stop: AbortSignal): Host {
  return {
    print: (text) => console.log(text),
    pipe: (text) => process.stdout.write(text),
    ask: (question) => askTerminal(question, stop),
    complain: (text) => console.error(text),
    terminal: process.stdout.isTTY ? process.stdout : undefined,
    stop,
    open: openApp,
  };
}

async function askTerminal(question: string, signal: AbortSignal): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question, { signal });
  } catch (error) {
    // Ctrl-C is an answer, too.
    if (error instanceof Error && error.name === 'AbortError') return '';
    throw error;
  } finally {
    terminal.close();
  }
}

/**
 * The one way to a terminal: feeds, relays, files and subscribers have a say in what is shown, and none in what the terminal
 * does. Only the progress line moves its cursor.
 */
export function safely(host: Host): Host {
  return {
    ...host,
    print: (text) => host.print(printable(text)),
    complain: (text) => host.complain(printable(text)),
    pipe: (text) => host.pipe(host.terminal ? printable(text) : text),
  };
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
