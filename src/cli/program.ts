import { Command, CommanderError } from 'commander';
import { programVersion } from '../app/files.ts';
import { Fault } from '../domain/fault.ts';
import { addFetch } from './fetch.ts';
import type { Host } from './host.ts';
import { addIssue } from './issue.ts';
import { addMigrate } from './migrate.ts';
import { addOnce } from './once.ts';
import { addPreview } from './preview.ts';
import { addRank } from './rank.ts';
import { addRetry } from './retry.ts';
import { addSend } from './send.ts';
import { addSources } from './sources.ts';
import { addStart } from './start.ts';
import { addStatus } from './status.ts';
import { addSubscribers } from './subscribers.ts';
import { addWorker } from './worker.ts';

/** Adds one command to the program. */
export type AddCommand = (program: Command, host: Host) => void;

const COMMANDS: readonly AddCommand[] = [
  addStart,
  addWorker,
  addOnce,
  addFetch,
  addSources,
  addRank,
  addPreview,
  addIssue,
  addSend,
  addRetry,
  addStatus,
  addSubscribers,
  addMigrate,
];

/** Runs one command line. @returns the exit code: 0 done, 1 failed, 2 wrong usage or settings, 3 unbalanced books */
export async function runCli(args: readonly string[], host: Host): Promise<number> {
  const program = new Command('offprint')
    .description('A daily newsletter of trending research papers that anyone can host.')
    .version(programVersion())
    .showHelpAfterError('(add --help for what the command takes)')
    .configureOutput({
      writeOut: (text) => host.print(text.trimEnd()),
      writeErr: (text) => host.complain(text.trimEnd()),
    });
  for (const add of COMMANDS) add(program, host);
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
