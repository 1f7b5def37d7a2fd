import { issueSlug } from '../domain/slug.ts';
import { formatInstant, HOUR, MINUTE } from '../domain/time.ts';
import { type Edition, editionsAt } from '../schedule/freeze.ts';
import { deliver, expireLate } from './deliver.ts';
import { foldOld } from './fold.ts';
import { tellOnce } from './operator.ts';
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
/** An issue frozen so much later than its moment is worth a word. */
const LATE_FREEZE = HOUR;

export function startMailer(app: App): Mailer {
  const stopping = new AbortController();
  let woken = Promise.withResolvers<void>();
  const state = newLoopState();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await woken.promise;
      woken = Promise.withResolvers();
      if (stopping.signal.aborted) return;
      await pass(app, state, stopping.signal);
      // The next tick would come in a minute.
      if (state.wakeIn < MINUTE) setTimeout(() => woken.resolve(), state.wakeIn).unref();
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

/** `wakeIn` is after how long, in ms, something that rests now may be tried again. */
export type LoopState = { retryHeldAt: number; wakeIn: number };

export function newLoopState(): LoopState {
  return { retryHeldAt: 0, wakeIn: MINUTE };
}

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
export async function freezeIfDue(app: App, state: LoopState, signal: AbortSignal): Promise<void> {
  const now = app.calendar.now();
  if (now < state.retryHeldAt || !app.calendar.isSteady()) return;
  const editions = editionsAt(now, app.issueClock);
  const { rows, fresh, noSource } = await publish(app, editions, { signal, retrySkipped: false });
  state.retryHeldAt = noSource ? app.calendar.now() + HELD_PAUSE : 0;
  for (const [index, edition] of editions.entries()) {
    const row = rows[index];
    if (!row?.issue || !fresh.includes(row)) continue;
    app.log.info({ url: `${app.config.SITE_URL}/issues/${issueSlug(row)}` }, row.issue.subject);
    const late = app.calendar.now() - edition.freezeAt;
    if (late > LATE_FREEZE) await tellMissed(app, edition, late);
  }
}

/** The moment passed while nothing ran, or while no source answered. */
async function tellMissed(app: App, edition: Edition, late: number): Promise<void> {
  const hours = (late / HOUR).toFixed(1);
  const issue = issueSlug(edition);
  app.log.warn({ issue, hours }, 'the issue was frozen late');
  await tellOnce(app, `late ${issue}`, [
    `the issue of ${issue} was frozen ${hours} h late`,
    `It was to be frozen at ${formatInstant(edition.freezeAt)}. Readers whose hour has passed get it now, those later than LATE_LIMIT not any more.`,
  ]);
}

async function sendDue(app: App, state: LoopState, stop: AbortSignal): Promise<void> {
  const now = app.calendar.now();
  if (app.calendar.isSteady()) {
    await expireLate(app, now);
    await foldOld(app, now);
  }
  const { retryAt } = await deliver(app, () => ({ dueBy: app.calendar.now() }), stop);
  state.wakeIn = Math.min(MINUTE, Math.max(0, (retryAt ?? Number.POSITIVE_INFINITY) - app.clock()));
}
