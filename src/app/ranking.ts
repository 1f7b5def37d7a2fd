import type { RankedPaper } from '../domain/paper.ts';
import { firstDayOf } from '../rank/candidates.ts';
import { candidates, rank } from '../rank/rank.ts';
import type { Edition } from '../schedule/freeze.ts';
import { entriesOfDays } from '../store/entries.ts';
import { latestIssue, papersHad } from '../store/issues.ts';
import { withSignals } from './paper-signals.ts';
import type { App } from './wire.ts';

export type Ranking = {
  readonly ranked: readonly RankedPaper[];
  /** How many of them were first seen since the last issue. */
  readonly fresh: number;
};

/** Ranks what an edition may choose from, as of its freezing moment, without what earlier issues had. */
export async function rankEdition(app: App, { date, freezeAt }: Edition): Promise<Ranking> {
  const { db } = app.store;
  const sources = app.config.SOURCES.map((spec) => spec.name);
  const entries = await entriesOfDays(db, sources, firstDayOf(date), date, freezeAt);
  const papers = await withSignals(app, candidates(entries, date, freezeAt), freezeAt);
  const had = await papersHad(
    db,
    'daily',
    papers.flatMap((paper) => paper.aliases),
  );
  const ranked = rank(papers, freezeAt, had, app.config.SOURCES);
  const last = await latestIssue(db, { orSample: false });
  const since = last?.frozenAt ?? Number.NEGATIVE_INFINITY;
  return { ranked, fresh: ranked.filter(({ paper }) => paper.firstSeenAt > since).length };
}
