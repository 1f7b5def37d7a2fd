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
  const kept = ranked.slice(0, MOST);
  for (let start = 0; start < kept.length; start += SLICE) {
    const rows = kept.slice(start, start + SLICE).map((candidate, index) => ({
      issue_id: issueId,
      place: start + index,
      aliases: candidate.paper.aliases.join(' '),
      body: JSON.stringify(candidate),
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

/** Every id of each candidate, by its place. */
export async function candidateIds(db: Db, issueId: number): Promise<string[][]> {
  const rows = await db
    .selectFrom('candidates')
    .select('aliases')
    .where('issue_id', '=', issueId)
    .orderBy('place')
    .execute();
  return rows.map((row) => row.aliases.split(' '));
}
