import { inspect } from 'node:util';
import { stopOnSignals } from './cli/stop.ts';

// Whatever Offprint writes holds addresses or secrets: it is for its own user alone.
process.umask(0o077);

// Before the rest is loaded, which takes a while: a signal in that time must not end the process by itself.
const stop = stopOnSignals();
const { processHost, safely } = await import('./cli/host.ts');
const { runCli } = await import('./cli/program.ts');

const host = processHost(stop);
// A bug's message may have a feed's text in it, which Node would print as it is.
process.on('uncaughtException', (error) => {
  safely(host).complain(inspect(error));
  process.exit(1);
});
process.exitCode = await runCli(process.argv.slice(2), host);
