import type { Every, Pause, Wait } from '../domain/time.ts';
import type { LeaseWatch } from './lease.ts';
import type { Pacer } from './pacer.ts';
import type { Routes } from './routes.ts';

/** What sending takes beside the core. */
export type Sending = {
  /** Where mails go; they are signed on their way, where the settings ask for it. */
  readonly routes: Routes;
  /** Keeps SEND_RATE, where it is set. */
  readonly pacer?: Pacer;
  readonly wait: Wait;
  readonly pause: Pause;
  readonly every: Every;
  readonly lease: LeaseWatch;
  /** Under which name this process claims deliveries. */
  readonly owner: string;
};
