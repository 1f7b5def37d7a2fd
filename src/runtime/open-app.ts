import { existsSync } from 'node:fs';
import { type App, createApp } from '../app.ts';
import { readEnvFile, settingMeant } from '../config/env-file.ts';
import { loadConfig } from '../config/load.ts';
import { guardSettings } from '../config/private-files.ts';
import type { Log } from '../core.ts';
import { expandSourceFiles } from '../sources/source-files.ts';
import { workApart } from './limited/limited-work.ts';
import { createLog } from './log.ts';
import { limitHeapGrowth } from './v8-heap.ts';

/** Builds the live objects of this process from its environment and the `.env` file where it runs. */
export async function openApp(): Promise<App> {
  limitHeapGrowth();
  const written = existsSync('.env') ? readEnvFile('.env') : {};
  const inherited = Object.keys(process.env).filter((name) => !(name in written));
  // The environment comes first. What Node and its libraries read there may stand in the file, too.
  for (const [name, value] of Object.entries(written)) process.env[name] ??= value;
  const { SOURCES, ...rest } = process.env;
  const expanded = SOURCES === undefined ? rest : { ...rest, SOURCES: expandSourceFiles(SOURCES) };
  const config = loadConfig(expanded, Object.keys(written));
  const log = createLog(config.LOG_LEVEL);
  guardSettings('.env', written, log);
  warnOfMisnamed(inherited, log);
  return createApp(config, { clock: Date.now, log, limited: workApart() });
}

/** The environment is shared: a name in it that resembles a setting's may be intended. */
function warnOfMisnamed(names: readonly string[], log: Log): void {
  for (const name of names.filter((one) => one.length >= 8 && one.includes('_'))) {
    const meant = settingMeant(name);
    if (meant !== undefined) log.warn(`${name} is no setting of Offprint: did you mean ${meant}?`);
  }
}
