import { type Config, usesSmtp } from '../config/load.ts';
import { readFiles } from '../config/package-files.ts';
import type { Core } from '../core.ts';
import type { Trx } from '../db/schema.ts';
import type { Edition } from '../domain/edition.ts';
import type { ComposedIssue } from '../domain/issue.ts';
import type { Languages } from '../domain/language.ts';
import { HOUR, type Instant } from '../domain/time.ts';
import { freezeIssue } from '../ledger/issues.ts';
import { suppressIssue } from '../ledger/plan-rows.ts';
import { composeIssue } from '../mail/compose-issue.ts';
import { mergeEntries } from '../ranking/merge.ts';
import { rank } from '../ranking/rank.ts';
import { sampleEntries } from '../sources/providers/sample.ts';
import { countSubscribers } from '../subscribers/subscribers-table.ts';

/**
 * An issue of made-up papers, for a first run that reaches no source. It is never in place of a real one and
 * says what it is wherever it is seen.
 */
export function sampleIssue(
  { PICKS, LANGUAGE }: Config,
  languages: Languages,
  { date, freezeAt }: Edition,
): ComposedIssue {
  const files = readFiles('samples');
  const entries = sampleEntries(
    { huggingface: files['huggingface.json'] ?? '', arxiv: files['arxiv.xml'] ?? '' },
    freezeAt,
  );
  // The samples have a date of their own; what a subscriber sees is counted as if they were yesterday's.
  const papers = mergeEntries(entries.map((entry) => ({ ...entry, firstSeenAt: freezeAt }))).map((paper) => ({
    ...paper,
    since: freezeAt - 29 * HOUR,
    listedAt: freezeAt - 29 * HOUR,
  }));
  const ranked = rank(papers, freezeAt, new Set());
  return composeIssue(ranked, {
    kind: 'daily',
    date,
    number: 0,
    sample: true,
    frozenAt: freezeAt,
    picks: PICKS,
    words: languages.of(LANGUAGE),
  });
}

/** Stores the sample. Only where mails are files does it have an audience. */
export async function publishSample(core: Core, languages: () => Languages, edition: Edition): Promise<void> {
  const issue = sampleIssue(core.config, languages(), edition);
  core.log.warn({ date: edition.date }, 'Sample issue: no source could be reached');
  await core.store.db.transaction().execute(async (trx) => {
    await freezeIssue(trx, issue, usesSmtp(core.config) ? 0 : await countSubscribers(trx, 'daily'));
  });
}

/** Nobody is mailed a sample any more: a real issue is there, or mails now go to mailboxes. */
export async function withdrawSamples(trx: Trx, now: Instant): Promise<void> {
  const samples = trx.selectFrom('issues').select('id').where('sample', '=', 1).where('state', '=', 'frozen');
  for (const { id } of await samples.execute()) await suppressIssue(trx, id, 'sample', now);
}
