import type { RankedPaper } from '../domain/paper.ts';
import type { Db, Trx } from './schema.ts';

/** More than this many nobody chooses from: the rest is far down everybody's list. */
const MOST = 2000;
const SLICE = 200;

/** Keeps what an issue can be chosen from, the best first: a candidate's place is its index. */
export async function keepCandidates(
  trx: Trx,
  issueId: number,
  ranked: readonly RankedPaper[],
): Promise<void> {
  // An issue that was held or skipped before keeps its id; what it could choose from then is gone.
  await trx.deleteFrom('candidates').where('issue_id', '=', issueId).execute();
  const kept = ranked.slice(0, MOST);
  for (let start = 0; start < kept.length; start += SLICE) {
    const rows = kept.slice(start, start + SLICE).map((paper, index) => ({
      issue_id: issueId,
      place: start + index,
      body: JSON.stringify(paper),
    }));
    await trx.insertInto('candidates').values(rows).execute();
  }
}

export async function candidatesOf(db: Db, issueId: number): Promise<RankedPaper[]> {
  const rows = await db
    .selectFrom('candidates')
    .select('body')
    .where('issue_id', '=', issueId)
    .orderBy('place')
    .execute();
  return rows.map((row) => JSON.parse(row.body) as RankedPaper);
}
