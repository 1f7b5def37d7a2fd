import { usesSmtp } from '../config/load.ts';
import type { Core } from '../core.ts';
import { flushLog } from '../db/flush-log.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../domain/time.ts';
import { closeIssues } from '../issues/close.ts';
import { withdrawSamples } from '../issues/sample-issue.ts';
import { abandon, renewLeases, replanDeferred, resendUncertain, sendingOwners } from '../ledger/claims.ts';
import type { Turn } from '../ledger/deliveries.ts';
import { expire } from '../ledger/expire.ts';
import { latestIssue } from '../ledger/issues.ts';
import { expireNotices } from '../ledger/notices.ts';
import { tellOnce } from '../ledger/operator.ts';
import { lastTold } from '../ledger/topics.ts';
import { followSecrets, refreshSecrets } from '../subscribers/secrets.ts';
import { settleSignUps } from '../subscribers/sign-up.ts';
import type { Composing } from './composing.ts';
import { currentCooldowns, forgetCooldowns } from './cooldowns-table.ts';
import { LEASE, RENEWAL } from './lease.ts';
import { isGone } from './owner.ts';
import { workQueue } from './queue.ts';
import { reportRoute } from './report-route.ts';
import type { RouteEvent, Routes } from './routes.ts';
import { type RunResult, type RunTools, run } from './run.ts';
import type { Sending } from './sending.ts';

/** A notice that could not be sent for this long is given up, because its link is out of date. */
const NOTICE_LIMIT = 3 * DAY;

/** How long a pass waits for a failing database before it ends; the next pass tries again. */
const LEDGER_PATIENCE = 2 * MINUTE;

/** The topic that records when an operator last ended all cooldowns. */
export const RETRY_NOW = 'retry now';

/** A loss of power may cause mails of this last span to be sent again. */
const FLUSH = SECOND;

/**
 * One pass over what is due: takes over what a dead process had claimed, then sends until nothing more of the
 * turn can be sent, no relay accepts anything, or `stop` is aborted.
 * @param turn what is due now, asked again and again
 */
export async function deliver(
  core: Core,
  composing: Composing,
  sending: Sending,
  turn: () => Turn,
  stop: AbortSignal,
  listeners: Pick<RunTools, 'onOutcome' | 'onStart'> = {},
): Promise<RunResult> {
  const { secrets } = composing;
  await refreshSecrets(core.store.db, secrets);
  await settleSignUps(core);
  await recover(core, sending);
  await takeOverRests(core, sending.routes);
  const flush = () => void flushLog(core.config.DATABASE_URL).catch(() => {});
  const ends = [
    sending.every(RENEWAL, renewer(core, sending)),
    sending.every(FLUSH, flush),
    followSecrets(core.store.db, secrets, sending.every),
  ];
  const reports: Promise<void>[] = [];
  const onEvent = (event: RouteEvent) => {
    reports.push(
      reportRoute(core, event).catch((error) =>
        core.log.error({ err: error }, 'the operator could not be told'),
      ),
    );
  };
  try {
    const result = await run(
      workQueue(core, composing, sending, turn),
      sending.routes,
      { ...toolsOf(core, sending), onEvent, ...listeners },
      stop,
    );
    report(core, sending.routes, result);
    return result;
  } finally {
    for (const end of ends) end();
    await Promise.all(reports);
    // A lost mail that will be sent again keeps its issue open.
    await planUncertain(core);
    await closeIssues(core);
  }
}

function toolsOf({ clock, ticks, log }: Core, { pause, pacer, wait }: Sending): RunTools {
  const onTrouble = (error: unknown, pause: number) =>
    log.error(
      { err: error, retryInMs: pause },
      'the ledger cannot be written; outcomes are held in memory until it can',
    );
  return {
    clock,
    ticks,
    pause,
    patience: { limit: LEDGER_PATIENCE, wait, onTrouble },
    ...(pacer && { pacer }),
  };
}

/** Learns from other processes which domains refuse our mail, and whether somebody ended those cooldowns. */
async function takeOverRests(core: Core, routes: Routes): Promise<void> {
  const { db } = core.store;
  const now = core.clock();
  routes.endCooldowns((await lastTold(db, RETRY_NOW)) ?? 0);
  await forgetCooldowns(db, now);
  for (const { route, domain, until } of await currentCooldowns(db, now)) routes.rest(route, domain, until);
}

/**
 * Returns to the plan what no process is working on any more.
 * @param own whether this process has nothing in flight: between two passes, a row that it still holds is one whose
 * outcome could not be written
 */
export async function recover(
  core: Core,
  sending: Pick<Sending, 'lease' | 'owner'>,
  { own } = { own: true },
): Promise<void> {
  const { db } = core.store;
  const now = core.clock();
  await takeOver(core, sending, { own });
  if (usesSmtp(core.config) || (await latestIssue(db, 'daily', { orSample: false })))
    await db.transaction().execute((trx) => withdrawSamples(trx, now));
  await planUncertain(core);
  await replanDeferred(db, now);
  await expireNotices(db, now - NOTICE_LIMIT, now);
}

/**
 * Marks as uncertain what dead processes were sending.
 * @returns whether there was anything
 */
export async function takeOver(
  core: Core,
  { lease, owner: us }: Pick<Sending, 'lease' | 'owner'>,
  { own }: { own: boolean },
): Promise<boolean> {
  const { db } = core.store;
  const asked = core.ticks();
  const owners = await sendingOwners(db);
  // The database was away, or so slow that perhaps nobody could renew.
  if (core.ticks() - asked > RENEWAL) lease.forgetOthers();
  let total = 0;
  for (const { owner, leaseUntil } of owners) {
    const isDead = owner === us ? own : isGone(owner);
    if (!isDead && (owner === us || !lease.hasEnded(owner, leaseUntil))) continue;
    const count = await abandon(db, owner, isDead ? undefined : leaseUntil);
    if (count > 0) core.log.warn({ owner, count }, 'took over mails of a process that is gone');
    total += count;
  }
  return total > 0;
}

async function planUncertain(core: Core): Promise<void> {
  if (core.config.UNCERTAIN === 'resend') await resendUncertain(core.store.db);
}

/** Expires deliveries that are later than LATE_LIMIT. @param now by the calendar */
export async function expireLate(core: Core, now: Instant, except: readonly number[] = []): Promise<void> {
  const count = await expire(core.store.db, {
    dueBefore: now - core.config.LATE_LIMIT,
    except,
    now: core.clock(),
  });
  if (count === 0) return;
  const hours = core.config.LATE_LIMIT / HOUR;
  core.log.warn({ count, limitHours: hours }, 'deliveries expired unsent');
  await tellOnce(core, 'expired', [
    `${count} mails were not sent in time`,
    `They were more than ${hours} h late (LATE_LIMIT) and have expired; more may follow. "offprint status" says of which issues.`,
  ]);
}

/** One renewal at a time: they would pile up while the database is away. */
function renewer(core: Core, sending: Sending): () => void {
  let busy = false;
  return () => {
    if (busy) return;
    busy = true;
    void renew(core, sending).finally(() => {
      busy = false;
    });
  };
}

async function renew(core: Core, { lease, owner }: Sending): Promise<void> {
  try {
    const written = lease.renewing();
    await renewLeases(core.store.db, owner, core.clock() + LEASE);
    written();
  } catch (error) {
    core.log.error({ err: error }, 'the leases could not be renewed');
  }
}

function report({ log }: Core, routes: Routes, { counts, routeDown }: RunResult): void {
  const sum = Object.values(counts).reduce((total, count) => total + count, 0);
  if (sum > 0) log.info({ ...counts, to: routes.name }, 'mails sent');
  if (routeDown !== undefined) log.warn({ reply: routeDown }, 'no relay accepts mail now');
}
