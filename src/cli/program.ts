import { Command, CommanderError } from 'commander';
import { programVersion } from '../config/package-files.ts';
import { Fault } from '../domain/fault.ts';
import type { AddCommand } from './add-command.ts';
import { type Host, safely } from './host.ts';

/** Each is loaded when it is wanted: what all of them need together takes a second and 100 MB. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  start: async () => (await import('./start.ts')).addStart,
  worker: async () => (await import('./worker.ts')).addWorker,
  once: async () => (await import('./once.ts')).addOnce,
  fetch: async () => (await import('./fetch.ts')).addFetch,
  sources: async () => (await import('./sources.ts')).addSources,
  rank: async () => (await import('./rank.ts')).addRank,
  preview: async () => (await import('./preview.ts')).addPreview,
  issue: async () => (await import('./issue.ts')).addIssue,
  send: async () => (await import('./send.ts')).addSend,
  retry: async () => (await import('./retry.ts')).addRetry,
  status: async () => (await import('./status.ts')).addStatus,
  returns: async () => (await import('./returns.ts')).addReturns,
  subscribers: async () => (await import('./subscribers.ts')).addSubscribers,
  secret: async () => (await import('./secret.ts')).addSecret,
  migrate: async () => (await import('./migrate.ts')).addMigrate,
};

/** The command that a line begins with; all of them when it begins with none, to be helped or told what there is. */
async function commandsFor([name = '']: readonly string[]): Promise<AddCommand[]> {
  const known = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : Object.values(COMMANDS);
  return Promise.all(known.flatMap((load) => load?.() ?? []));
}

/** Runs one command line. @returns the exit code: 0 done, 1 failed, 2 wrong usage or settings, 3 unbalanced books */
export async function runCli(args: readonly string[], outside: Host): Promise<number> {
  const host = safely(outside);
  const program = new Command('offprint')
    .description('A daily newsletter of trending research papers that anyone can host.')
    .version(programVersion())
    .showHelpAfterError('(add --help for what the command takes)')
    .configureOutput({
      writeOut: (text) => host.print(text.trimEnd()),
      writeErr: (text) => host.complain(text.trimEnd()),
    });
  for (const add of await commandsFor(args)) add(program, host);
  overrideExit(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    return explain(error, host);
  }
}

/** Commander would end the process; a command line that does not fit is an exit code here. */
function overrideExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) overrideExit(child);
}

function explain(error: unknown, host: Host): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (host.stop.aborted && error instanceof Error && error.name === 'AbortError') return 0;
  if (!(error instanceof Fault)) throw error;
  host.complain(`${error.message}\n${error.next} [${error.code}]`);
  return error.exitCode;
}
