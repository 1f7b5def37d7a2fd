import type { App } from '../app.ts';
import { issueClockOf } from '../config/load.ts';
import { isDatabaseTrouble } from '../db/database-trouble.ts';
import { deliver, expireLate } from '../delivery/deliver.ts';
import { currentEditions, type Edition } from '../domain/edition.ts';
import { issueSlug } from '../domain/slug.ts';
import { formatInstant, HOUR, type Instant, MINUTE } from '../domain/time.ts';
import { publish } from '../issues/publish.ts';
import { archiveOldDeliveries } from '../ledger/archive.ts';
import { tellOnce } from '../ledger/operator.ts';
import { lastTold, markTold } from '../ledger/topics.ts';
import { forgetOldReturns } from '../returns/forget.ts';
import { settleSignUps } from '../subscribers/sign-up.ts';

/** The part of `start` that publishes and sends, woken by the clock and by subscribers. */
export type Mailer = {
  /** Asks for a pass soon; asking often causes one pass. */
  wake(): void;
  /** Resolves when the mails in flight are finished. */
  stop(): Promise<void>;
};

/** How long a held issue, or one that could not be frozen, waits before its sources are read again. */
const FREEZE_PAUSE = 10 * MINUTE;
const FREEZE_FAILED = 'the freeze failed';
/** An issue frozen this much too late is reported. */
const LATE_FREEZE = HOUR;

/** A sending pass may last for hours, if a domain is slow or the rate is low: freezing and sign-ups continue beside it. */
export function startMailer(app: App): Mailer {
  const stopping = new AbortController();
  let woken = Promise.withResolvers<void>();
  const state = newLoopState(app);
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
      await prepare(app, state, stopping.signal);
      if (sending) {
        lookAgain();
        // The running pass may have made its last check already.
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
 * `startedAt` is when this process began; `wakeIn` is after how long, in ms, something that rests now may be tried again;
 * `readyUntil` is the moment up to which all issues are frozen that can be: nothing that is due later goes before.
 */
export type LoopState = { readonly startedAt: Instant; wakeIn: number; readyUntil: Instant };

export function newLoopState({ clock }: Pick<App, 'clock'>): LoopState {
  return { startedAt: clock(), wakeIn: MINUTE, readyUntil: 0 };
}

/** Errors are logged, and the next tick retries. */
export async function attempt(app: App, work: () => Promise<void>, stop: AbortSignal): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!stop.aborted) app.log.error({ err: error }, 'a pass failed; the next one will retry');
  }
}

/** What comes before deliveries, the freeze first. A failing step delays neither the others nor the mails. */
async function prepare(app: App, state: LoopState, stop: AbortSignal): Promise<void> {
  const now = app.steadyClock.now();
  const step = (work: () => Promise<void>) => attempt(app, work, stop);
  await step(() => freezeIfDue(app, state, stop));
  if (app.steadyClock.isSteady()) {
    await step(() => expireLate(app, now));
    await step(() => archiveOldDeliveries(app, now));
    await step(() => forgetOldReturns(app));
  }
  await step(() => settleSignUps(app));
  state.readyUntil = now;
}

/**
 * Publishes the editions that are due. When no source answers, or publishing fails, no process retries before a pause:
 * the sources must not be asked every few seconds. A process that has just started tries once, since the cause may be fixed.
 */
export async function freezeIfDue(app: App, state: LoopState, signal: AbortSignal): Promise<void> {
  const now = app.steadyClock.now();
  if (!app.steadyClock.isSteady() || (await hasJustFailed(app, state))) return;
  const editions = currentEditions(now, issueClockOf(app.config));
  const published = await publish(app, app.publishing, editions, { signal, retrySkipped: false }).catch(
    async (error) => {
      // A database that is unreachable or full is usually back soon.
      const pause = isDatabaseTrouble(error) ? MINUTE : FREEZE_PAUSE;
      const at = app.clock() + pause - FREEZE_PAUSE;
      if (!signal.aborted) await markTold(app.store.db, FREEZE_FAILED, at).catch(() => {});
      throw error;
    },
  );
  const { rows, fresh, noSource } = published;
  if (noSource) await markTold(app.store.db, FREEZE_FAILED, app.clock());
  for (const [index, edition] of editions.entries()) {
    const row = rows[index];
    if (!row?.issue || !fresh.includes(row)) continue;
    const { SITE_URL } = app.config;
    const slug = issueSlug(row);
    const url = row.sample ? SITE_URL : `${SITE_URL}/issues/${slug}`;
    app.log.info(SITE_URL ? { url } : { issue: slug }, row.issue.subject);
    const late = app.steadyClock.now() - edition.freezeAt;
    if (late > LATE_FREEZE) await tellMissed(app, edition, late);
  }
}

async function hasJustFailed(app: App, { startedAt }: LoopState): Promise<boolean> {
  const failedAt = await lastTold(app.store.db, FREEZE_FAILED);
  const now = app.clock();
  return failedAt !== undefined && failedAt >= startedAt && failedAt <= now && failedAt > now - FREEZE_PAUSE;
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
  const turn = () => ({ dueBy: Math.min(app.steadyClock.now(), state.readyUntil) });
  // A failed pass is retried by the next tick, however soon the one before it wanted another.
  state.wakeIn = MINUTE;
  const { retryAt } = await deliver(app, app.composing, app.sending, turn, stop, { onStart });
  state.wakeIn = Math.min(MINUTE, Math.max(0, (retryAt ?? Number.POSITIVE_INFINITY) - app.clock()));
}
