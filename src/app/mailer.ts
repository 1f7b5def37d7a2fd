import { issueSlug } from '../domain/slug.ts';
import { formatInstant, HOUR, type Instant, MINUTE } from '../domain/time.ts';
import { type Edition, editionsAt } from '../schedule/freeze.ts';
import { deliver, expireLate } from './deliver.ts';
import { foldOld } from './fold.ts';
import { tellOnce } from './operator.ts';
import { publish } from './publish.ts';
import { settleSignUps } from './signup.ts';
import type { App } from './wire.ts';

/** The part of `start` that publishes and sends, woken by the clock and by readers. */
export type Mailer = {
  /** Asks for a look soon at what is to be done; asking often is one look. */
  wake(): void;
  /** Ends when what is on the wire is finished. */
  stop(): Promise<void>;
};

/** How long a held issue waits before its sources are asked again. */
const HELD_PAUSE = 10 * MINUTE;
/** An issue frozen so much later than its moment is worth a word. */
const LATE_FREEZE = HOUR;

/** A pass over what is due may last for hours, where a domain is slow or a rate is low: what comes before it goes on beside it. */
export function startMailer(app: App): Mailer {
  const stopping = new AbortController();
  let woken = Promise.withResolvers<void>();
  const state = newLoopState();
  let sending: Promise<void> | undefined;
  let lookAgain = () => {};
  const onStart = (look: () => void) => {
    lookAgain = look;
  };
  const send = async () => {
    await attempt(app, () => sendDue(app, state, stopping.signal, onStart), stopping.signal);
    sending = undefined;
    // The next tick would come in a minute.
    if (state.wakeIn < MINUTE) setTimeout(() => woken.resolve(), state.wakeIn).unref();
  };
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await woken.promise;
      woken = Promise.withResolvers();
      if (stopping.signal.aborted) break;
      if (!(await attempt(app, () => prepare(app, state, stopping.signal), stopping.signal))) continue;
      if (sending) {
        lookAgain();
        // The pass under way may have looked for the last time.
        void sending.then(() => woken.resolve());
      } else sending = send();
    }
    await sending;
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

/**
 * `wakeIn` is after how long, in ms, something that rests now may be tried again; `readyUntil` is the moment up to which all
 * issues are frozen: nothing that is due later goes before.
 */
export type LoopState = { retryHeldAt: number; wakeIn: number; readyUntil: Instant };

export function newLoopState(): LoopState {
  return { retryHeldAt: 0, wakeIn: MINUTE, readyUntil: 0 };
}

/** Whatever goes wrong is logged, and the next tick tries again. @returns whether nothing did */
async function attempt(app: App, work: () => Promise<void>, stop: AbortSignal): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!stop.aborted) app.log.error({ err: error }, 'a pass failed; the next one tries again');
    return false;
  }
}

/** What comes before deliveries: the freeze first. */
async function prepare(app: App, state: LoopState, stop: AbortSignal): Promise<void> {
  const now = app.calendar.now();
  await freezeIfDue(app, state, stop);
  if (app.calendar.isSteady()) {
    await expireLate(app, now);
    await foldOld(app, now);
  }
  await settleSignUps(app);
  state.readyUntil = now;
}

/** Publishes what has its moment. */
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

async function sendDue(
  app: App,
  state: LoopState,
  stop: AbortSignal,
  onStart: (lookAgain: () => void) => void,
): Promise<void> {
  const turn = () => ({ dueBy: Math.min(app.calendar.now(), state.readyUntil) });
  // A pass that fails is tried again by the next tick, however soon the one before it wanted another.
  state.wakeIn = MINUTE;
  const { retryAt } = await deliver(app, turn, stop, { onStart });
  state.wakeIn = Math.min(MINUTE, Math.max(0, (retryAt ?? Number.POSITIVE_INFINITY) - app.clock()));
}
