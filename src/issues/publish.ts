import { type Config, usesSmtp } from '../config/load.ts';
import type { Core } from '../core.ts';
import { firstDayOf } from '../domain/candidates.ts';
import type { Edition } from '../domain/edition.ts';
import type { ComposedIssue, Issue } from '../domain/issue.ts';
import type { Languages } from '../domain/language.ts';
import type { RankedPaper } from '../domain/paper.ts';
import { giveWay } from '../domain/slices.ts';
import { issueSlug } from '../domain/slug.ts';
import { saveCandidates } from '../ledger/candidates.ts';
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
import { copyThumbnails, type ThumbnailMaking, type Thumbnails } from '../papers/pictures.ts';
import { saveThumbnails } from '../papers/pictures-table.ts';
import { hasEntriesBefore } from '../sources/entries-of-days.ts';
import { anyAnswered, type Reading, readingsOfPapers } from '../sources/source-runs.ts';
import { planAudiences } from '../subscribers/plan.ts';
import { countSubscribers } from '../subscribers/subscribers-table.ts';
import { type Gathering, readSources } from './gather.ts';
import { type Ranking, rankEdition } from './rank-edition.ts';
import { publishSample } from './sample-issue.ts';

/** What making an issue takes. */
export type Publishing = Gathering & ThumbnailMaking & { readonly languages: () => Languages };

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
  core: Core,
  publishing: Publishing,
  editions: readonly [Edition, ...Edition[]],
  options: { signal: AbortSignal; retrySkipped: boolean },
): Promise<Published> {
  const open: Edition[] = [];
  for (const edition of editions) if (await isOpen(core, edition, options.retrySkipped)) open.push(edition);
  const failures: unknown[] = [];
  const noSource =
    open.length > 0 && !(await readAndFreeze(core, publishing, open, failures, options.signal));
  // Also when one edition could not be frozen: the other waits for it no longer.
  await planAudiences(core);
  if (failures.length > 0) throw failures[0];
  const rows = (await Promise.all(editions.map((edition) => issueOf(core, edition)))) as [IssueRow];
  return { rows, fresh: rows.filter((_, index) => open.includes(editions[index] as Edition)), noSource };
}

async function isOpen(core: Core, { kind, date }: Edition, retrySkipped: boolean): Promise<boolean> {
  const known = await findIssue(core.store.db, kind, date);
  return known === undefined || known.state === 'held' || (known.state === 'skipped' && retrySkipped);
}

/** @param failures gets what went wrong with an edition @returns whether any source answered */
async function readAndFreeze(
  core: Core,
  publishing: Publishing,
  open: readonly Edition[],
  failures: unknown[],
  signal: AbortSignal,
): Promise<boolean> {
  const [{ date, freezeAt }] = open as [Edition];
  const readings = await readSources(core, publishing, {
    date,
    seenAt: Math.min(core.clock(), freezeAt),
    signal,
  });
  const answered = anyAnswered(core, readings);
  for (const edition of open) {
    const step = answered
      ? freezeOrSkip(core, publishing, edition, signal)
      : hold(core, publishing.languages, edition, readings);
    await step.catch((error: unknown) => failures.push(error));
  }
  return answered;
}

/** The operator is told once, however often it is tried again, and by whichever process comes first. */
async function hold(
  core: Core,
  languages: () => Languages,
  edition: Edition,
  readings: readonly Reading[],
): Promise<void> {
  const { kind, date, freezeAt } = edition;
  const reason = 'no source could be reached';
  core.log.error({ issue: issueSlug(edition) }, `the issue is held: ${reason}`);
  const failures = readingsOfPapers(core, readings).map((reading) => `${reading.name}: ${reading.reason}`);
  const lines = [
    `the issue of ${issueSlug(edition)} is held: ${reason}`,
    ...failures,
    'It is tried again by itself.',
  ];
  await core.store.db.transaction().execute(async (trx) => {
    const before = (await findIssue(trx, kind, date))?.state;
    await recordNoIssue(trx, { kind, date, state: 'held', reason, frozenAt: freezeAt });
    if (before === undefined || before === 'skipped') await tellOperator(core, trx, lines);
  });
  const published = await latestIssue(core.store.db, 'daily', { orSample: false });
  if (kind === 'daily' && published === undefined) await publishSample(core, languages, edition);
}

async function freezeOrSkip(
  core: Core,
  publishing: Publishing,
  edition: Edition,
  signal: AbortSignal,
): Promise<void> {
  const ranking = await rankEdition(core, edition);
  const { ranked, fresh } = ranking;
  const { MIN_NEW, QUIET_DAYS } = core.config;
  const anyOfWeek = edition.kind === 'weekly' || QUIET_DAYS === 'best-of-week';
  const enough = fresh >= MIN_NEW || (anyOfWeek && ranked.length >= MIN_NEW);
  if (ranked.length === 0 || !enough) return skip(core, edition, ranking);
  const thumbnails = await copyThumbnails(core, publishing, ranked.slice(0, core.config.PICKS), signal);
  const issue = await freeze(core, publishing.languages, edition, ranking, thumbnails);
  if (issue)
    core.log.info(
      { issue: issueSlug(issue), number: issue.number, papers: issue.picks.length },
      'issue frozen',
    );
}

async function skip(core: Core, edition: Edition, ranking: Ranking): Promise<void> {
  const { ranked, fresh } = ranking;
  const { kind, date, freezeAt: frozenAt } = edition;
  const count = kind === 'weekly' ? ranked.length : fresh;
  const reason =
    ranked.length === 0
      ? await whyNone(core, edition, ranking)
      : `${count} new ${count === 1 ? 'paper' : 'papers'}, fewer than the ${core.config.MIN_NEW} that an issue needs`;
  core.log.info({ issue: issueSlug(edition) }, `the issue is skipped: ${reason}`);
  await recordNoIssue(core.store.db, { kind, date, state: 'skipped', reason, frozenAt });
}

async function whyNone(core: Core, { date }: Edition, { allCandidates }: Ranking): Promise<string> {
  if (allCandidates.length > 0) return 'every paper that was found has been in an earlier issue';
  const sources = core.config.SOURCES.map(({ name }) => name);
  const hasOlder = await hasEntriesBefore(core.store.db, sources, firstDayOf(date));
  return hasOlder ? 'every paper that was found is older than seven days' : 'no paper was found';
}

/** One transaction: the number, the frozen value, its papers and pictures, what it chose from and how many subscribers it is for. */
async function freeze(
  core: Core,
  languages: () => Languages,
  edition: Edition,
  { ranked, allCandidates }: Ranking,
  thumbnails: Thumbnails,
): Promise<Issue | undefined> {
  const { kind } = edition;
  return core.store.db.transaction().execute(async (trx) => {
    const issue = draft(core.config, languages(), edition, ranked, await nextNumber(trx, kind), thumbnails);
    await giveWay();
    const id = await freezeIssue(trx, issue, await countSubscribers(trx, kind));
    if (id === undefined) return undefined;
    await giveWay();
    await saveCandidates(trx, id, allCandidates);
    await saveThumbnails(trx, thumbnails.values());
    return issue;
  });
}

/** The issue that these papers make; nothing is stored. */
export function draft(
  config: Config,
  languages: Languages,
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
    picks: config.PICKS,
    subjectStyle: config.SUBJECT_STYLE,
    words: languages.of(config.LANGUAGE),
    thumbnails: Object.fromEntries([...thumbnails].map(([id, { hash }]) => [id, hash])),
  });
}

async function issueOf(core: Core, { kind, date }: Edition): Promise<IssueRow> {
  const row = await findIssue(core.store.db, kind, date);
  const sample = await findIssue(core.store.db, kind, date, true);
  if (row?.state === 'held' && sample && !usesSmtp(core.config)) return sample;
  if (row === undefined) throw new Error(`the issue of ${date} was published and is not there`);
  return row;
}
