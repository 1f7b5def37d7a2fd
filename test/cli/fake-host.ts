import type { App } from '../../src/app/wire.ts';
import type { Host } from '../../src/cli/host.ts';
import { runCli } from '../../src/cli/program.ts';

/** Runs one command line over an app that stays open for the next one. */
export async function cli(app: App | (() => Promise<App>), ...args: string[]) {
  const printed: string[] = [];
  const complained: string[] = [];
  const host: Host = {
    terminal: undefined,
    print: (text) => printed.push(text),
    pipe: (text) => printed.push(text.trimEnd()),
    complain: (text) => complained.push(text),
    stop: new AbortController().signal,
    open: async () => (typeof app === 'function' ? app() : { ...app, close: async () => {} }),
  };
  const code = await runCli(args, host);
  return { code, out: printed.join('\n'), err: complained.join('\n') };
}

/** For command lines that must end before anything is opened. */
export async function unopened(): Promise<App> {
  throw new Error('nothing was to be opened');
}
