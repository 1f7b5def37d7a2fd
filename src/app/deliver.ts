import { type RunResult, run } from '../deliver/run.ts';
import { DAY, type Instant, SECOND } from '../domain/time.ts';
import type { Turn } from '../store/deliveries.ts';
import { finishIssues, latestIssue } from '../store/issues.ts';
import { expireNotices } from '../store/notices.ts';
import { expire } from '../store/plan.ts';
import { abandon, renewLeases, replanDeferred, resendUncertain, sendingOwners } from '../store/work.ts';
import { isGone } from './owner.ts';
import { LEASE, workQueue } from './queue.ts';
import { withdrawSamples } from './sample.ts';
import { settleSignUps } from './signup.ts';
import { type App, usesSmtp } from './wire.ts';

/** A notice that could not be sent for this long is given up: its link has grown old meanwhile. */
const NOTICE_LIMIT = 3 * DAY;

/**
 * One pass over what is due: takes over what a dead process had in hand, then sends until nothing of the turn
 * may go, the relay refuses us, or `stop` is aborted.
 */
export async function deliver(app: App, turn: Turn, stop: AbortSignal): Promise<RunResult> {
  await settleSignUps(app);
  await recover(app);
  const renewal = setInterval(() => void renew(app), LEASE / 3);
  try {
    const result = await run(workQueue(app, turn), app.transport, stop);
    report(app, result);
    return result;
  } finally {
    clearInterval(renewal);
    // What was lost and is to be sent again keeps its issue open.
    await planUncertain(app);
    await finishIssues(app.store.db);
  }
}

/** Puts back into the plan what waits for nobody any more. */
export async function recover(app: App): Promise<void> {
  const { db } = app.store;
  const now = app.clock();
  for (const { owner, leaseUntil } of await sendingOwners(db)) {
    // Between two passes nothing is on our own wire: such a row is one whose outcome could not be written.
    if (owner !== app.owner && leaseUntil >= now && !isGone(owner)) continue;
    const count = await abandon(db, owner);
    app.log.warn({ owner, count }, 'taken over from a process that is gone');
  }
  if (usesSmtp(app.config) || (await latestIssue(db, 'daily', { orSample: false })))
    await db.transaction().execute((trx) => withdrawSamples(trx, now));
  await planUncertain(app);
  await replanDeferred(db, now);
  await expireNotices(db, now - NOTICE_LIMIT, now);
}

async function planUncertain(app: App): Promise<void> {
  if (app.config.UNCERTAIN === 'resend') await resendUncertain(app.store.db);
}

/** Gives up on deliveries that are later than LATE_LIMIT. @param now what the calendar says */
export async function expireLate(app: App, now: Instant, except: readonly number[] = []): Promise<void> {
  const count = await expire(app.store.db, {
    dueBefore: now - app.config.LATE_LIMIT,
    except,
    now: app.clock(),
  });
  if (count > 0)
    app.log.warn({ count, limitHours: app.config.LATE_LIMIT / (3600 * SECOND) }, 'deliveries expired unsent');
}

async function renew(app: App): Promise<void> {
  try {
    await renewLeases(app.store.db, app.owner, app.clock() + LEASE);
  } catch (error) {
    app.log.error({ err: error }, 'the leases could not be renewed');
  }
}

function report(app: App, { counts, routeDown }: RunResult): void {
  const sum = Object.values(counts).reduce((total, count) => total + count, 0);
  if (sum > 0) app.log.info({ ...counts, to: app.transport.name }, 'mails sent');
  if (routeDown !== undefined)
    app.log.error({ relay: app.transport.name, reply: routeDown }, 'the relay refuses us');
}
