import { type App, usesSmtp } from '../app.ts';
import type { Edition } from '../domain/edition.ts';
import type { ComposedIssue, Issue } from '../domain/issue.ts';
import type { RankedPaper } from '../domain/paper.ts';
import { giveWay } from '../domain/slices.ts';
import { issueSlug } from '../domain/slug.ts';
import { keepCandidates } from '../ledger/candidates.ts';
import {
  findIssue,
  freezeIssue,
  type IssueRow,
  latestIssue,
  nextNumber,
  recordNoIssue,
} from '../ledger/issues.ts';
import { tellOperator } from '../ledger/operator.ts';
import { composeIssue } from '../mail/compose-issue.ts';
import { copyThumbnails, type Thumbnails } from '../papers/pictures.ts';
import { keepThumbnails } from '../papers/pictures-table.ts';
import { anyAnswered, type Reading, readingsOfPapers } from '../sources/source-runs.ts';
import { planAudiences } from '../subscribers/plan.ts';
import { countReaders } from '../subscribers/subscribers-table.ts';
import { readSources } from './gather.ts';
import { type Ranking, rankEdition } from './rank-edition.ts';
import { publishSample } from './sample-issue.ts';

export type Published = {
  /** One for each edition, in their order. */
  readonly rows: readonly [IssueRow, ...IssueRow[]];
  /** Those that this call looked at; the others were there already. */
  readonly fresh: readonly IssueRow[];
  /** Whether no source answered. */
  readonly noSource: boolean;
};

/**
 * The day's story up to the ledger: fetch, rank, compose, freeze, plan. Safe to call again and from two
 * processes at once: a date has one issue of a kind, and who comes second finds it there.
 * @param editions of one date, or of two that follow each other
 * @param retrySkipped whether a day that was skipped is looked at again; a held one always is
 */
export async function publish(
  app: App,
  editions: readonly [Edition, ...Edition[]],
  options: { signal: AbortSignal; retrySkipped: boolean },
): Promise<Published> {
  const open: Edition[] = [];
  for (const edition of editions) if (await isOpen(app, edition, options.retrySkipped)) open.push(edition);
  const failures: unknown[] = [];
  const noSource = open.length > 0 && !(await readAndFreeze(app, open, failures, options.signal));
  // Also when one edition could not be frozen: the other waits for it no longer.
  await planAudiences(app);
  if (failures.length > 0) throw failures[0];
  const rows = (await Promise.all(editions.map((edition) => issueOf(app, edition)))) as [IssueRow];
  return { rows, fresh: rows.filter((_, index) => open.includes(editions[index] as Edition)), noSource };
}

async function isOpen(app: App, { kind, date }: Edition, retrySkipped: boolean): Promise<boolean> {
  const known = await findIssue(app.store.db, kind, date);
  return known === undefined || known.state === 'held' || (known.state === 'skipped' && retrySkipped);
}

/** @param failures gets what went wrong with an edition @returns whether any source answered */
async function readAndFreeze(
  app: App,
  open: readonly Edition[],
  failures: unknown[],
  signal: AbortSignal,
): Promise<boolean> {
  const [{ date, freezeAt }] = open as [Edition];
  const readings = await readSources(app, { date, seenAt: Math.min(app.clock(), freezeAt), signal });
  const answered = anyAnswered(app, readings);
  for (const edition of open) {
    const step = answered ? freezeOrSkip(app, edition, signal) : hold(app, edition, readings);
    await step.catch((error: unknown) => failures.push(error));
  }
  return answered;
}

/** The operator is told once, however often it is tried again, and by whichever process comes first. */
async function hold(app: App, edition: Edition, readings: readonly Reading[]): Promise<void> {
  const { kind, date, freezeAt } = edition;
  const reason = 'no source could be reached';
  app.log.error({ issue: issueSlug(edition) }, `the issue is held: ${reason}`);
  const failures = readingsOfPapers(app, readings).map((reading) => `${reading.name}: ${reading.reason}`);
  const lines = [
    `the issue of ${issueSlug(edition)} is held: ${reason}`,
    ...failures,
    'It is tried again by itself.',
  ];
  await app.store.db.transaction().execute(async (trx) => {
    const before = (await findIssue(trx, kind, date))?.state;
    await recordNoIssue(trx, { kind, date, state: 'held', reason, frozenAt: freezeAt });
    if (before === undefined || before === 'skipped') await tellOperator(app, trx, lines);
  });
  const published = await latestIssue(app.store.db, 'daily', { orSample: false });
  if (kind === 'daily' && published === undefined) await publishSample(app, edition);
}

async function freezeOrSkip(app: App, edition: Edition, signal: AbortSignal): Promise<void> {
  const ranking = await rankEdition(app, edition);
  const { ranked, fresh } = ranking;
  const { MIN_NEW, QUIET_DAYS } = app.config;
  const anyOfWeek = edition.kind === 'weekly' || QUIET_DAYS === 'best-of-week';
  const enough = fresh >= MIN_NEW || (anyOfWeek && ranked.length >= MIN_NEW);
  if (ranked.length === 0 || !enough) return skip(app, edition, ranking);
  const thumbnails = await copyThumbnails(app, ranked.slice(0, app.config.PICKS), signal);
  const issue = await freeze(app, edition, ranking, thumbnails);
  if (issue)
    app.log.info(
      { issue: issueSlug(issue), number: issue.number, papers: issue.picks.length },
      'issue frozen',
    );
}

async function skip(app: App, edition: Edition, { ranked, fresh }: Ranking): Promise<void> {
  const { kind, date, freezeAt: frozenAt } = edition;
  const count = kind === 'weekly' ? ranked.length : fresh;
  const reason =
    ranked.length === 0
      ? 'no paper was found that an earlier issue has not had'
      : `${count} new ${count === 1 ? 'paper' : 'papers'}, fewer than ${app.config.MIN_NEW} (MIN_NEW)`;
  app.log.info({ issue: issueSlug(edition) }, `the issue is skipped: ${reason}`);
  await recordNoIssue(app.store.db, { kind, date, state: 'skipped', reason, frozenAt });
}

/** One transaction: the number, the frozen value, its papers and pictures, what it chose from and how many readers it is for. */
async function freeze(
  app: App,
  edition: Edition,
  { ranked, pool }: Ranking,
  thumbnails: Thumbnails,
): Promise<Issue | undefined> {
  const { kind } = edition;
  return app.store.db.transaction().execute(async (trx) => {
    const issue = draft(app, edition, ranked, await nextNumber(trx, kind), thumbnails);
    await giveWay();
    const id = await freezeIssue(trx, issue, await countReaders(trx, kind));
    if (id === undefined) return undefined;
    await giveWay();
    await keepCandidates(trx, id, pool);
    await keepThumbnails(trx, thumbnails.values());
    return issue;
  });
}

/** The issue that these papers make; nothing is stored. */
export function draft(
  app: App,
  edition: Edition,
  ranked: readonly RankedPaper[],
  number: number,
  thumbnails: Thumbnails = new Map(),
): ComposedIssue {
  const { kind, date, freezeAt: frozenAt } = edition;
  return composeIssue(ranked, {
    kind,
    date,
    number,
    sample: false,
    frozenAt,
    picks: app.config.PICKS,
    subjectStyle: app.config.SUBJECT_STYLE,
    words: app.languages().of(app.config.LANGUAGE),
    thumbnails: Object.fromEntries([...thumbnails].map(([id, { hash }]) => [id, hash])),
  });
}

async function issueOf(app: App, { kind, date }: Edition): Promise<IssueRow> {
  const row = await findIssue(app.store.db, kind, date);
  const sample = await findIssue(app.store.db, kind, date, true);
  if (row?.state === 'held' && sample && !usesSmtp(app.config)) return sample;
  if (row === undefined) throw new Error(`the issue of ${date} was published and is not there`);
  return row;
}
