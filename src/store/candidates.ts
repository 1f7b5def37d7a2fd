import type { RankedPaper } from '../domain/paper.ts';
import { giveWay } from '../domain/slices.ts';
import type { Db, Trx } from './schema.ts';

/** More than this many nobody chooses from: the rest is far down everybody's list. */
const MOST = 2000;
/** Some milliseconds of work. */
const SLICE = 100;

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
    await giveWay();
  }
}

export async function candidatesOf(db: Db, issueId: number): Promise<RankedPaper[]> {
  const found: RankedPaper[] = [];
  for (;;) {
    const rows = await db
      .selectFrom('candidates')
      .select('body')
      .where('issue_id', '=', issueId)
      .where('place', '>=', found.length)
      .orderBy('place')
      .limit(SLICE)
      .execute();
    for (const { body } of rows) found.push(JSON.parse(body) as RankedPaper);
    if (rows.length < SLICE) return found;
    await giveWay();
  }
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
