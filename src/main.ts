import { stopOnSignals } from './cli/stop.ts';

// Whatever Offprint writes holds addresses or secrets: it is for its own user alone.
process.umask(0o077);

// Before the rest is loaded, which takes a while: a signal in that time must not end the process by itself.
const stop = stopOnSignals();
const { processHost } = await import('./cli/host.ts');
const { runCli } = await import('./cli/program.ts');

process.exitCode = await runCli(process.argv.slice(2), processHost(stop));
