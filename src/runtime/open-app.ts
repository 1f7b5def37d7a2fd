import { existsSync } from 'node:fs';
import { type App, createApp } from '../app.ts';
import { loadConfig } from '../config/load.ts';
import { guardSettings } from '../config/private-files.ts';
import { expandSourceFiles } from '../sources/source-files.ts';
import { workApart } from './limited/limited-work.ts';
import { createLog } from './log.ts';
import { limitHeapGrowth } from './v8-heap.ts';

/** Builds the live objects of this process from its environment and the `.env` file where it runs. */
export async function openApp(): Promise<App> {
  limitHeapGrowth();
  if (existsSync('.env')) process.loadEnvFile('.env');
  const { SOURCES, ...rest } = process.env;
  const config = loadConfig(SOURCES === undefined ? rest : { ...rest, SOURCES: expandSourceFiles(SOURCES) });
  const log = createLog(config.LOG_LEVEL);
  if (existsSync('.env')) guardSettings('.env', log);
  return createApp(config, { clock: Date.now, log, limited: workApart() });
}
