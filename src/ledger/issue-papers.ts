import type { Db, Trx } from '../db/schema.ts';
import type { Issue, IssueKind } from '../domain/issue.ts';
import { giveWay } from '../domain/slices.ts';

/** Records an issue's papers by every id that each is known by. */
export async function saveIssuePapers(trx: Trx, issue: Issue, id: number): Promise<void> {
  const ids = new Set(issue.picks.flatMap((pick) => pick.paper.aliases));
  if (ids.size === 0) return;
  await trx
    .insertInto('issue_papers')
    .values([...ids].map((paper) => ({ kind: issue.kind, paper_id: paper, issue_id: id })))
    .onConflict((conflict) => conflict.columns(['kind', 'paper_id']).doNothing())
    .execute();
}

/** Which of the ids an earlier issue of the kind already included. */
export async function papersAlreadySent(
  db: Db,
  kind: IssueKind,
  ids: readonly string[],
): Promise<Set<string>> {
  const alreadySent = new Set<string>();
  for (let start = 0; start < ids.length; start += 1000) {
    const slice = ids.slice(start, start + 1000);
    const query = db
      .selectFrom('issue_papers')
      .select('paper_id')
      .where('kind', '=', kind)
      .where('paper_id', 'in', slice);
    for (const row of await query.execute()) alreadySent.add(row.paper_id);
    await giveWay();
  }
  return alreadySent;
}
