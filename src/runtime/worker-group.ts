import type { App } from '../app.ts';
import { currentSchema } from '../db/dialect.ts';
import { expireLate, recover, takeOver } from '../delivery/deliver.ts';
import { isPostgresUrl } from '../domain/database-url.ts';
import { SECOND } from '../domain/time.ts';
import { nextEdition } from '../issues/find-edition.ts';
import { readSources } from '../issues/gather.ts';
import { archiveOldDeliveries } from '../ledger/archive.ts';
import { dueBatches } from '../ledger/deliveries.ts';
import { forgetOldReturns } from '../returns/forget.ts';
import { createBatchSender } from './batch-sender.ts';
import type { Jobs } from './jobs.ts';
import { attempt, freezeIfDue, newLoopState, startMailer } from './mailer.ts';
import { openPgBoss } from './pg-boss.ts';

/** What publishes and sends: this process alone, or one among many. */
export type WorkerGroup = {
  /** Asks for a check of what is due; asking often causes one check. */
  wake(): void;
  /** Reads the sources for the next issue. */
  fetch(): Promise<void>;
  /** Resolves when the mails that this process has in flight are finished. */
  stop(): Promise<void>;
};

/** The maximum number of subscribers in a batch, which wait for some seconds if its process dies. */
const BATCH_SIZE = 250;
/** How often each process asks for a round: a dead process's batches wait at most this long. */
const ROUND = 10 * SECOND;
/** How often each process checks for claims of dead processes: it has to see twice that nobody renews them. */
const WATCH = 5 * SECOND;
/** A process that is asked to end has ten seconds. */
const STOP_LIMIT = 6 * SECOND;

/** @param signal aborted when the program is asked to end */
export async function joinWorkerGroup(app: App, signal: AbortSignal): Promise<WorkerGroup> {
  if (isPostgresUrl(app.config.DATABASE_URL)) return joinCrew(app, await openJobs(app), signal);
  const mailer = startMailer(app);
  return { ...mailer, fetch: () => readAhead(app, signal) };
}

async function openJobs(app: App): Promise<Jobs> {
  const schema = await currentSchema(app.store.db);
  const queue = schema === 'public' ? 'pgboss' : `${schema}_pgboss`;
  return openPgBoss(app.config.DATABASE_URL, queue, (error) =>
    app.log.warn({ err: error }, 'the queue has a problem; it retries automatically'),
  );
}

async function joinCrew(app: App, jobs: Jobs, signal: AbortSignal): Promise<WorkerGroup> {
  const stopping = new AbortController();
  const stop = AbortSignal.any([signal, stopping.signal]);
  const batchSender = createBatchSender(app, stop);
  const state = newLoopState(app);
  // A failed task would be handed to the next process at once, over and over: the next check asks for it in time instead.
  const task = (work: () => Promise<void>) => () => attempt(app, work, stop);
  await jobs.work({
    tasks: {
      issue: async () => {
        await attempt(app, () => freezeIfDue(app, state, stop), stop);
        await attempt(app, () => jobs.ask('round'), stop);
      },
      round: task(() => round(app, jobs, stop)),
      fetch: task(() => readAhead(app, stop)),
    },
    send: batchSender.send,
  });
  const look = async () => {
    await jobs.ask('issue');
    await jobs.ask('round');
  };
  const wake = () => {
    batchSender.wake();
    look().catch((error: unknown) => app.log.warn({ err: error }, 'the queue could not be read'));
  };
  const timers = [setInterval(wake, ROUND), setInterval(watchOthers(app, wake), WATCH)];
  return {
    wake,
    fetch: () => jobs.ask('fetch', new Date(app.clock()).toISOString().slice(0, 16)),
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      stopping.abort();
      await Promise.all([batchSender.finished(), jobs.stop(STOP_LIMIT)]);
    },
  };
}

/** One check at a time: they would pile up while the database is away. */
function watchOthers(app: App, wake: () => void): () => void {
  let looking = false;
  const look = async () => {
    looking = true;
    try {
      if (await takeOver(app, app.sending, { own: false })) wake();
    } catch (error) {
      app.sending.lease.forgetOthers();
      app.log.warn({ err: error }, 'the claims of other processes could not be read');
    }
    looking = false;
  };
  return () => {
    if (!looking) void look();
  };
}

/** Rebuilds the queue from the ledger: everything that is due and unclaimed is handed out. */
async function round(app: App, jobs: Jobs, stop: AbortSignal): Promise<void> {
  await recover(app, app.sending, { own: false });
  const now = app.steadyClock.now();
  if (app.steadyClock.isSteady()) {
    await attempt(app, () => expireLate(app, now), stop);
    await attempt(app, () => archiveOldDeliveries(app, now), stop);
    await attempt(app, () => forgetOldReturns(app), stop);
  }
  await jobs.handOut(await dueBatches(app.store.db, now, BATCH_SIZE));
}

/** Reads the sources for the next issue, so that what appears and disappears between two issues is seen. */
async function readAhead(app: App, signal: AbortSignal): Promise<void> {
  try {
    await readSources(app, app.publishing, { date: nextEdition(app).date, seenAt: app.clock(), signal });
  } catch (error) {
    if (!signal.aborted)
      app.log.error({ err: error }, 'the sources could not be read; the next tick will retry');
  }
}
