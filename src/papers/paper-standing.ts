import type { Db } from '../db/schema.ts';
import type { Day } from '../domain/day.ts';
import type { KnownPaper } from '../domain/known-paper.ts';
import { latestSignals } from '../sources/signals-table.ts';

/** How a paper stands: its votes, if any source counts them, and the newest daily issue that picked it. */
export type PaperStanding = { readonly votes?: number; readonly issue?: Day };

/** @returns by `KnownPaper.id`; a paper of which nothing is known is left out */
export async function standingsOf(
  db: Db,
  papers: readonly KnownPaper[],
): Promise<ReadonlyMap<string, PaperStanding>> {
  const votes = new Map<string, number>();
  for (const { paperId, name, value } of await latestSignals(
    db,
    papers.map(({ id }) => id),
  ))
    if (name === 'upvotes') votes.set(paperId, Math.max(votes.get(paperId) ?? 0, value));
  const issues = await newestIssues(
    db,
    papers.flatMap(({ aliases }) => aliases),
  );
  return new Map(
    papers.map(({ id, aliases }) => {
      const count = votes.get(id);
      const issue = aliases
        .flatMap((alias) => issues.get(alias) ?? [])
        .sort()
        .at(-1);
      return [id, { ...(count !== undefined && { votes: count }), ...(issue && { issue }) }];
    }),
  );
}

/** The day of the newest published daily issue that picked a paper, by the paper's alias. */
async function newestIssues(db: Db, aliases: readonly string[]): Promise<Map<string, Day>> {
  if (aliases.length === 0) return new Map();
  const rows = await db
    .selectFrom('issue_papers')
    .innerJoin('issues', 'issues.id', 'issue_papers.issue_id')
    .select(['issue_papers.paper_id as alias', 'issues.date'])
    .where('issue_papers.kind', '=', 'daily')
    .where('issue_papers.paper_id', 'in', aliases)
    .where('issues.state', 'in', ['frozen', 'done'])
    .orderBy('issues.date')
    .execute();
  return new Map(rows.map(({ alias, date }) => [alias, date]));
}
