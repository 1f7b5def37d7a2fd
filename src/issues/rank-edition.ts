import type { Core } from '../core.ts';
import { firstDayOf } from '../domain/candidates.ts';
import type { Edition } from '../domain/edition.ts';
import type { RankedPaper } from '../domain/paper.ts';

import { finishInTurn, giveWay } from '../domain/slices.ts';
import { papersAlreadySent } from '../ledger/issue-papers.ts';
import { latestIssue } from '../ledger/issues.ts';
import { withSignals } from '../papers/paper-signals.ts';
import { spread } from '../ranking/diversify.ts';
import { likeness } from '../ranking/likeness.ts';
import { candidateSteps, rankSteps } from '../ranking/rank.ts';
import { entriesOfDays } from '../sources/entries-of-days.ts';

export type Ranking = {
  /** What no earlier issue of the kind has had, the best first. */
  readonly ranked: readonly RankedPaper[];
  /** All candidates, also those that earlier issues had: a subscriber with interests may not have got them. */
  readonly allCandidates: readonly RankedPaper[];
  /** How many of `ranked` were first seen since the last daily issue. */
  readonly fresh: number;
};

/** Ranks what an edition may choose from, as of its freezing moment. */
export async function rankEdition(core: Core, { kind, date, freezeAt }: Edition): Promise<Ranking> {
  const { db } = core.store;
  const sources = core.config.SOURCES.map((spec) => spec.name);
  const entries = await entriesOfDays(db, sources, firstDayOf(date), date, freezeAt);
  const merged = await finishInTurn(candidateSteps(entries, date, freezeAt));
  const papers = await withSignals(core, merged, freezeAt);
  const aliases = papers.flatMap((paper) => paper.aliases);
  const alreadySent = await papersAlreadySent(db, kind, aliases);
  const allCandidates = await finishInTurn(rankSteps(papers, freezeAt, new Set(), core.config.SOURCES));
  const open = allCandidates.filter(({ paper }) => !paper.aliases.some((id) => alreadySent.has(id)));
  await giveWay();
  const { PICKS: picks, MAX_PER_CATEGORY: maxShare } = core.config;
  const ranked = spread(open, { picks, maxShare, similarity: likeness() });
  await giveWay();
  const last = await latestIssue(db, 'daily', { orSample: false });
  const since = last?.frozenAt ?? Number.NEGATIVE_INFINITY;
  return { ranked, allCandidates, fresh: ranked.filter(({ paper }) => paper.firstSeenAt > since).length };
}
