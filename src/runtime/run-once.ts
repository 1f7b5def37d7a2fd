import type { App } from '../app.ts';
import { issueClockOf } from '../config/load.ts';
import { requirePages } from '../config/site.ts';
import { deliver, expireLate } from '../delivery/deliver.ts';
import type { Day } from '../domain/day.ts';
import { dayAt } from '../domain/day.ts';
import { currentEditions, type Edition, editionsOn } from '../domain/edition.ts';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/time.ts';
import { dayBit, WEEKLY } from '../domain/weekdays.ts';
import { closeIssues } from '../issues/close.ts';
import { publish } from '../issues/publish.ts';
import { archiveOldDeliveries } from '../ledger/archive.ts';
import { openInTurn, type Turn } from '../ledger/deliveries.ts';
import { findIssueById, type IssueRow } from '../ledger/issues.ts';
import { countHeld } from '../ledger/refusals.ts';
import { supersedeOlder } from '../ledger/supersede.ts';
import { forgetOldReturns } from '../returns/forget.ts';
import { readMailboxes } from '../returns/mailbox.ts';
import { sendHooks } from '../webhooks/webhooks.ts';

export type OnceOptions = {
  /** Builds and sends the issue of this day, as of the moment it is frozen. */
  readonly date?: Day;
  /** Sends only what is due by `at`, and freezes only after ISSUE_CRON's moment. */
  readonly due: boolean;
  /** What the calendar says now. */
  readonly at: Instant;
  /** How long to wait for deferred mails and for a relay that refuses us, in ms. */
  readonly wait: number;
  /** Called with the number of waiting mails, then for each outcome. */
  readonly onProgress?: (planned?: number) => void;
};

export type OnceResult = {
  readonly issue: IssueRow;
  /** On the day of the weekly issue. */
  readonly weekly?: IssueRow;
  readonly noSource: boolean;
  /** Ended early because `stop` was aborted: the next run continues. */
  readonly stopped: boolean;
  /** What is left for the next run. */
  readonly left: { readonly planned: number; readonly sending: number; readonly deferred: number };
  /** How many are deferred because their refusal may be a mistake. */
  readonly held: number;
  readonly routeDown?: string;
};

/** How long to wait before checking again what another process is sending. */
const POLL = 250;

/** The day's work for a machine that runs once a day, or once an hour with `due`. */
export async function once(app: App, options: OnceOptions, stop: AbortSignal): Promise<OnceResult> {
  const { db } = app.store;
  requirePages(app.config);
  await app.signer();
  await readMailboxes(app, app.returning, app.secrets, stop);
  const editions = chooseEditions(app, options);
  const { rows, noSource } = await publish(app, app.publishing, editions, {
    signal: stop,
    retrySkipped: true,
  });
  const turn = turnOf(options, rows);
  const whole = turn.whole ?? [];
  for (const { issueId, days } of whole)
    await db.transaction().execute((trx) => supersedeOlder(trx, issueId, days, app.clock()));
  if (options.date === undefined) {
    const spared = whole.map(({ issueId }) => issueId);
    await expireLate(app, options.at, spared);
  }
  const sent = await sendAll(app, turn, options, stop);
  await closeIssues(app);
  await sendHooks(app, stop);
  await archiveOldDeliveries(app, app.clock());
  await forgetOldReturns(app);
  const [issue, weekly] = await Promise.all(
    rows.map(async (row) => (await findIssueById(db, row.id)) ?? row),
  );
  if (issue === undefined) throw new Error('an edition was published and is not there');
  const counts = await Promise.all(rows.map((row) => countHeld(db, row.id)));
  const held = counts.reduce((sum, count) => sum + count, 0);
  return { issue, ...(weekly && { weekly }), noSource, stopped: stop.aborted, held, ...sent };
}

/** A run for a past day does not send what else is due by now. */
function turnOf({ date, due, at }: OnceOptions, rows: readonly IssueRow[]): Turn {
  if (due) return { dueBy: at };
  const whole = rows.map((row) => ({
    issueId: row.id,
    days: row.kind === 'weekly' ? WEEKLY : dayBit(row.date),
  }));
  return { dueBy: date === undefined ? at : 0, whole };
}

function chooseEditions(app: App, { date, due, at }: OnceOptions): [Edition, ...Edition[]] {
  if (date !== undefined) return editionsOn(date, issueClockOf(app.config));
  if (due) return currentEditions(at, issueClockOf(app.config));
  const today = editionsOn(dayAt(at, issueClockOf(app.config).timezone), issueClockOf(app.config));
  return today.map((edition) => ({ ...edition, freezeAt: Math.min(at, edition.freezeAt) })) as [Edition];
}

/** Runs passes until nothing of the turn is open, waiting for what is deferred, cooling down, or claimed by another process. */
async function sendAll(
  app: App,
  turn: Turn,
  { wait: patience, onProgress }: Pick<OnceOptions, 'wait' | 'onProgress'>,
  stop: AbortSignal,
): Promise<Pick<OnceResult, 'left' | 'routeDown'>> {
  const startedAt = app.ticks();
  if (onProgress) onProgress((await openInTurn(app.store.db, turn)).planned);
  for (;;) {
    const onOutcome = () => onProgress?.();
    const { routeDown, retryAt } = await deliver(app, app.composing, app.sending, () => turn, stop, {
      onOutcome,
    });
    const { nextAt, ...left } = await openInTurn(app.store.db, turn);
    if (stop.aborted || left.planned + left.sending + left.deferred === 0) return { left };
    const now = app.clock();
    const again = [
      ...(left.planned > 0 ? [retryAt ?? now] : []),
      ...(left.sending > 0 ? [now + POLL] : []),
      ...(left.deferred > 0 ? [Math.max(nextAt ?? now, now + POLL)] : []),
    ];
    const pause = Math.max(0, Math.min(...again) - now);
    const patienceLeft = patience - (app.ticks() - startedAt);
    // What another process is sending is waited for, however long that takes.
    if (left.sending === 0 && pause > patienceLeft)
      return { left, ...(routeDown !== undefined && { routeDown }) };
    await app.sending.wait(pause, stop).catch(() => {});
  }
}

/** The fault that the command ends with; `undefined` when all is well. */
export function onceFault({ noSource, routeDown, left, held }: OnceResult): Fault | undefined {
  if (routeDown !== undefined) {
    const open = left.planned + left.sending + left.deferred;
    return new Fault(
      'NO_ROUTE',
      `The relay is not accepting mail (${routeDown}); ${open} mails are waiting.`,
      'Check SMTP_URL and the relay, then run this again: it continues where it stopped.',
    );
  }
  if (held > 0) {
    return new Fault(
      'REFUSALS_HELD',
      `${held} readers were refused in a way that looks like a mistake of their provider; nobody was taken off the list.`,
      '"offprint status" has the reply. The next run tries again; if the addresses are dead, run "offprint subscribers suppress --held".',
    );
  }
  if (noSource) {
    return new Fault(
      'NO_SOURCE_ANSWERED',
      'No source could be reached, so the issue is held.',
      'Check the network and SOURCES (offprint status shows each source), then run this again.',
    );
  }
  return undefined;
}
