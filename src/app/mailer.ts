import { issueSlug } from '../domain/slug.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import { routePause } from '../schedule/backoff.ts';
import { editionsAt } from '../schedule/freeze.ts';
import { deliver, expireLate } from './deliver.ts';
import { publish } from './publish.ts';
import type { App } from './wire.ts';

/** The part of `start` that publishes and sends: one pass at a time, woken by the clock and by readers. */
export type Mailer = {
  /** Asks for a pass soon; asking often is one pass. */
  wake(): void;
  /** Ends when the pass under way has finished what is on the wire. */
  stop(): Promise<void>;
};

/** How long a held issue waits before its sources are asked again. */
const HELD_PAUSE = 10 * MINUTE;

export function startMailer(app: App): Mailer {
  const stopping = new AbortController();
  let woken = Promise.withResolvers<void>();
  const state = { failures: 0, restUntil: 0, retryHeldAt: 0 };
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await woken.promise;
      woken = Promise.withResolvers();
      if (!stopping.signal.aborted) await pass(app, state, stopping.signal);
    }
  };
  const finished = loop();
  return {
    wake: () => woken.resolve(),
    stop: () => {
      stopping.abort();
      woken.resolve();
      return finished;
    },
  };
}

type LoopState = { failures: number; restUntil: number; retryHeldAt: number };

/** Whatever goes wrong in a pass is logged, and the next tick tries again. */
async function pass(app: App, state: LoopState, stop: AbortSignal): Promise<void> {
  try {
    await freezeIfDue(app, state, stop);
    await sendDue(app, state, stop);
  } catch (error) {
    if (!stop.aborted) app.log.error({ err: error }, 'a pass failed; the next one tries again');
  }
}

/** In a pass the freeze comes before deliveries. */
async function freezeIfDue(app: App, state: LoopState, signal: AbortSignal): Promise<void> {
  const now = app.clock();
  if (now < state.retryHeldAt) return;
  const editions = editionsAt(now, app.issueClock);
  const { fresh, noSource } = await publish(app, editions, { signal, retrySkipped: false });
  if (noSource) state.retryHeldAt = app.clock() + HELD_PAUSE;
  for (const row of fresh)
    if (row.issue)
      app.log.info({ url: `${app.config.SITE_URL}/issues/${issueSlug(row)}` }, row.issue.subject);
}

async function sendDue(app: App, state: LoopState, stop: AbortSignal): Promise<void> {
  const now = app.clock();
  if (now < state.restUntil) return;
  await expireLate(app, now);
  const { routeDown } = await deliver(app, { dueBy: now }, stop);
  state.failures = routeDown === undefined ? 0 : state.failures + 1;
  if (routeDown === undefined) return;
  state.restUntil = app.clock() + routePause(state.failures);
  app.log.warn({ seconds: routePause(state.failures) / SECOND }, 'the relay is left alone for a while');
}
