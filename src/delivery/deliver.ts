import { type App, usesSmtp } from '../app.ts';
import { flushWal } from '../db/flush.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../domain/time.ts';
import { withdrawSamples } from '../issues/sample-issue.ts';
import { abandon, renewLeases, replanDeferred, resendUncertain, sendingOwners } from '../ledger/claims.ts';
import type { Turn } from '../ledger/deliveries.ts';
import { expire } from '../ledger/expire.ts';
import { latestIssue } from '../ledger/issues.ts';
import { expireNotices } from '../ledger/notices.ts';
import { reportRoute, tellOnce } from '../ledger/operator.ts';
import { followSecrets, refreshSecrets } from '../subscribers/secrets.ts';
import { settleSignUps } from '../subscribers/sign-up.ts';
import { closeIssues } from '../webhooks/webhooks.ts';
import { currentRests, forgetRests, lastTold } from './cooldowns-table.ts';
import { LEASE, RENEWAL } from './lease.ts';
import { isGone } from './owner.ts';
import { workQueue } from './queue.ts';
import type { RouteEvent } from './routes.ts';
import { type RunResult, type RunTools, run } from './run.ts';

/** A notice that could not be sent for this long is given up: its link has grown old meanwhile. */
const NOTICE_LIMIT = 3 * DAY;

/** How long a database that fails is waited for before the pass ends, to be tried again by the next one. */
const LEDGER_PATIENCE = 2 * MINUTE;

/** Under this topic stands when an operator last ended all rests. */
export const RETRY_NOW = 'retry now';

/** A loss of power may send again what was sent since so long ago. */
const FLUSH = SECOND;

/**
 * One pass over what is due: takes over what a dead process had in hand, then sends until nothing of the turn
 * may go, no relay takes anything, or `stop` is aborted.
 * @param turn what is due now, asked again and again
 */
export async function deliver(
  app: App,
  turn: () => Turn,
  stop: AbortSignal,
  listeners: Pick<RunTools, 'onOutcome' | 'onStart'> = {},
): Promise<RunResult> {
  await refreshSecrets(app);
  await settleSignUps(app);
  await recover(app);
  await takeOverRests(app);
  const renewal = setInterval(renewer(app), RENEWAL);
  const unfollow = followSecrets(app);
  const flushing = setInterval(() => void flushWal(app.config.DATABASE_URL).catch(() => {}), FLUSH);
  const reports: Promise<void>[] = [];
  const onEvent = (event: RouteEvent) => {
    reports.push(
      reportRoute(app, event).catch((error) =>
        app.log.error({ err: error }, 'the operator could not be told'),
      ),
    );
  };
  try {
    const result = await run(
      workQueue(app, turn),
      app.routes,
      { ...toolsOf(app), onEvent, ...listeners },
      stop,
    );
    report(app, result);
    return result;
  } finally {
    clearInterval(renewal);
    clearInterval(flushing);
    unfollow();
    await Promise.all(reports);
    // What was lost and is to be sent again keeps its issue open.
    await planUncertain(app);
    await closeIssues(app);
  }
}

function toolsOf(app: App): RunTools {
  const { clock, ticks, pause, pacer, wait } = app;
  const onTrouble = (error: unknown, pause: number) =>
    app.log.error(
      { err: error, retryInMs: pause },
      'the ledger cannot be written; what was sent is held in memory until it can',
    );
  return {
    clock,
    ticks,
    pause,
    patience: { limit: LEDGER_PATIENCE, wait, onTrouble },
    ...(pacer && { pacer }),
  };
}

/** What other processes found out about domains that refuse our mail, and whether somebody has ended that. */
async function takeOverRests(app: App): Promise<void> {
  const { db } = app.store;
  const now = app.clock();
  app.routes.endRests((await lastTold(db, RETRY_NOW)) ?? 0);
  await forgetRests(db, now);
  for (const { route, domain, until } of await currentRests(db, now)) app.routes.rest(route, domain, until);
}

/**
 * Puts back into the plan what waits for nobody any more.
 * @param own whether this process has nothing on the wire: between two passes such a row of its own is one whose
 * outcome could not be written
 */
export async function recover(app: App, { own } = { own: true }): Promise<void> {
  const { db } = app.store;
  const now = app.clock();
  await takeOver(app, { own });
  if (usesSmtp(app.config) || (await latestIssue(db, 'daily', { orSample: false })))
    await db.transaction().execute((trx) => withdrawSamples(trx, now));
  await planUncertain(app);
  await replanDeferred(db, now);
  await expireNotices(db, now - NOTICE_LIMIT, now);
}

/**
 * Gives up, as uncertain, what dead processes had on the wire.
 * @returns whether there was anything
 */
export async function takeOver(app: App, { own }: { own: boolean }): Promise<boolean> {
  const { db } = app.store;
  const asked = app.ticks();
  const owners = await sendingOwners(db);
  // The database was away, or so slow that nobody may have been able to renew.
  if (app.ticks() - asked > RENEWAL) app.lease.forgetOthers();
  let total = 0;
  for (const { owner, leaseUntil } of owners) {
    const isDead = owner === app.owner ? own : isGone(owner);
    if (!isDead && (owner === app.owner || !app.lease.hasEnded(owner, leaseUntil))) continue;
    const count = await abandon(db, owner, isDead ? undefined : leaseUntil);
    if (count > 0) app.log.warn({ owner, count }, 'taken over from a process that is gone');
    total += count;
  }
  return total > 0;
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
  if (count === 0) return;
  const hours = app.config.LATE_LIMIT / HOUR;
  app.log.warn({ count, limitHours: hours }, 'deliveries expired unsent');
  await tellOnce(app, 'expired', [
    `${count} mails were not sent in time`,
    `They were more than ${hours} h late (LATE_LIMIT) and have expired; more may follow. "offprint status" says of which issues.`,
  ]);
}

/** One renewal at a time: while the database is away they would gather. */
function renewer(app: App): () => void {
  let busy = false;
  return () => {
    if (busy) return;
    busy = true;
    void renew(app).finally(() => {
      busy = false;
    });
  };
}

async function renew(app: App): Promise<void> {
  try {
    const written = app.lease.renewing();
    await renewLeases(app.store.db, app.owner, app.clock() + LEASE);
    written();
  } catch (error) {
    app.log.error({ err: error }, 'the leases could not be renewed');
  }
}

function report(app: App, { counts, routeDown }: RunResult): void {
  const sum = Object.values(counts).reduce((total, count) => total + count, 0);
  if (sum > 0) app.log.info({ ...counts, to: app.routes.name }, 'mails sent');
  if (routeDown !== undefined) app.log.warn({ reply: routeDown }, 'no relay takes mail now');
}
