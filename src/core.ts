import type { Logger } from 'pino';
import type { Config } from './config/load.ts';
import type { Store } from './db/open.ts';
import type { After, Clock } from './domain/time.ts';

/** Made where the program starts: nothing else knows where its lines go. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** The live objects that nearly every room needs. What only some need is handed to those. */
export type Core = {
  readonly store: Store;
  readonly clock: Clock;
  /** Milliseconds that only go forward, whatever happens to the clock. */
  readonly ticks: () => number;
  readonly after: After;
  readonly config: Config;
  readonly log: Log;
};
