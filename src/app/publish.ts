import { composeIssue } from '../compose/issue.ts';
import type { Day } from '../domain/day.ts';
import type { Issue } from '../domain/issue.ts';
import type { RankedPaper } from '../domain/paper.ts';
import type { Edition } from '../schedule/freeze.ts';
import {
  findIssue,
  freezeIssue,
  type IssueRow,
  latestIssue,
  nextNumber,
  recordNoIssue,
} from '../store/issues.ts';
import { countDailyReaders } from '../store/subscribers.ts';
import { tellOperator } from './operator.ts';
import { planAudiences } from './plan.ts';
import { rankEdition } from './ranking.ts';
import { anyAnswered, type Reading, readingsOfPapers } from './readings.ts';
import { publishSample } from './sample.ts';
import { readSources } from './sources.ts';
import { type App, usesSmtp } from './wire.ts';

export type Published = {
  readonly row: IssueRow;
  /** Whether this call published it; false when it was there already. */
  readonly fresh: boolean;
  /** Whether no source answered. */
  readonly noSource: boolean;
};

/**
 * The day's story up to the ledger: fetch, rank, compose, freeze, plan. Safe to call again and from two
 * processes at once: a date has one issue, and who comes second finds it there.
 * @param retrySkipped whether a day that was skipped is looked at again; a held one always is
 */
export async function publish(
  app: App,
  edition: Edition,
  options: { signal: AbortSignal; retrySkipped: boolean },
): Promise<Published> {
  const known = await findIssue(app.store.db, 'daily', edition.date);
  const open =
    known === undefined || known.state === 'held' || (known.state === 'skipped' && options.retrySkipped);
  if (!open) {
    await planAudiences(app);
    return { row: known, fresh: false, noSource: false };
  }
  const seenAt = Math.min(app.clock(), edition.freezeAt);
  const readings = await readSources(app, { date: edition.date, seenAt, signal: options.signal });
  const noSource = !anyAnswered(app, readings);
  if (noSource) await hold(app, edition, readings);
  else await freezeOrSkip(app, edition);
  await planAudiences(app);
  return { row: await issueOf(app, edition.date), fresh: true, noSource };
}

/** The operator is told once, however often it is tried again, and by whichever process comes first. */
async function hold(app: App, { date, freezeAt }: Edition, readings: readonly Reading[]): Promise<void> {
  const reason = 'no source could be reached';
  app.log.error({ date }, `the issue is held: ${reason}`);
  const failures = readingsOfPapers(app, readings).map((reading) => `${reading.name}: ${reading.reason}`);
  const lines = [`the issue of ${date} is held: ${reason}`, ...failures, 'It is tried again by itself.'];
  await app.store.db.transaction().execute(async (trx) => {
    const before = (await findIssue(trx, 'daily', date))?.state;
    await recordNoIssue(trx, { kind: 'daily', date, state: 'held', reason, frozenAt: freezeAt });
    if (before === undefined || before === 'skipped') await tellOperator(app, trx, lines);
  });
  const published = await latestIssue(app.store.db, { orSample: false });
  if (published === undefined) await publishSample(app, { date, freezeAt });
}

async function freezeOrSkip(app: App, edition: Edition): Promise<void> {
  const { ranked, fresh } = await rankEdition(app, edition);
  const { MIN_NEW, QUIET_DAYS } = app.config;
  const enough = fresh >= MIN_NEW || (QUIET_DAYS === 'best-of-week' && ranked.length >= MIN_NEW);
  if (ranked.length === 0 || !enough) return skip(app, edition, ranked.length, fresh);
  const issue = await freeze(app, edition, ranked);
  if (issue)
    app.log.info({ date: issue.date, number: issue.number, papers: issue.picks.length }, 'issue frozen');
}

async function skip(app: App, edition: Edition, candidates: number, fresh: number): Promise<void> {
  const reason =
    candidates === 0
      ? 'no paper was found that an earlier issue has not had'
      : `${fresh} new ${fresh === 1 ? 'paper' : 'papers'}, fewer than ${app.config.MIN_NEW} (MIN_NEW)`;
  app.log.info({ date: edition.date }, `the issue is skipped: ${reason}`);
  await recordNoIssue(app.store.db, {
    kind: 'daily',
    date: edition.date,
    state: 'skipped',
    reason,
    frozenAt: edition.freezeAt,
  });
}

/** One transaction: the number, the frozen value, its papers and how many readers it is for. */
async function freeze(
  app: App,
  edition: Edition,
  ranked: readonly RankedPaper[],
): Promise<Issue | undefined> {
  return app.store.db.transaction().execute(async (trx) => {
    const number = await nextNumber(trx, 'daily');
    const issue = draft(app, edition, ranked, number);
    const id = await freezeIssue(trx, issue, await countDailyReaders(trx));
    return id === undefined ? undefined : issue;
  });
}

/** The issue that these papers make; nothing is stored. */
export function draft(app: App, edition: Edition, ranked: readonly RankedPaper[], number: number): Issue {
  const { date, freezeAt: frozenAt } = edition;
  return composeIssue(ranked, { date, number, sample: false, frozenAt, picks: app.config.PICKS });
}

async function issueOf(app: App, date: Day): Promise<IssueRow> {
  const row = await findIssue(app.store.db, 'daily', date);
  const sample = await findIssue(app.store.db, 'daily', date, true);
  if (row?.state === 'held' && sample && !usesSmtp(app.config)) return sample;
  if (row === undefined) throw new Error(`the issue of ${date} was published and is not there`);
  return row;
}
