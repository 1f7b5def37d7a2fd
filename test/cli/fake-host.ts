import type { App } from '../../src/app.ts';
import type { Host } from '../../src/cli/host.ts';
import { runCli } from '../../src/cli/program.ts';

type Someone = { readonly app: App; readonly answer: string };

/** Runs one command line over an app that stays open for the next one; with an answer, somebody is there to be asked. */
export async function cli(given: App | Someone | (() => Promise<App>), ...args: string[]) {
  const app = 'answer' in given ? given.app : given;
  const printed: string[] = [];
  const complained: string[] = [];
  const host: Host = {
    terminal: undefined,
    print: (text) => printed.push(text),
    ask: async () => ('answer' in given ? given.answer : undefined),
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
