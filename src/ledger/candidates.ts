import type { Db, Trx } from '../db/schema.ts';
import { storedCandidate } from '../db/stored.ts';
import type { RankedPaper } from '../domain/paper.ts';
import { giveWay } from '../domain/slices.ts';

/** Candidates beyond this many are far down everybody's list. */
const MOST = 2000;
/** A few milliseconds of work. */
const SLICE = 100;

/** Stores what an issue can choose from, best first: a candidate's place is its index. */
export async function saveCandidates(
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

/**
 * What the issue could choose from: a candidate's place is its index. A place is empty if the candidate is
 * missing or unreadable.
 */
export async function candidatesOf(db: Db, issueId: number): Promise<(RankedPaper | undefined)[]> {
  const places: (RankedPaper | undefined)[] = [];
  for (let from = 0; from < MOST; from += SLICE) {
    const rows = await db
      .selectFrom('candidates')
      .select(['place', 'body'])
      .where('issue_id', '=', issueId)
      .where('place', '>=', from)
      .where('place', '<', from + SLICE)
      .execute();
    if (rows.length === 0) break;
    for (const { place, body } of rows) places[place] = storedCandidate(body);
    await giveWay();
  }
  return Array.from(places);
}

/** Every id of each candidate, by its place. */
export async function candidateIds(db: Db, issueId: number): Promise<string[][]> {
  const rows = await db
    .selectFrom('candidates')
    .select(['place', 'aliases'])
    .where('issue_id', '=', issueId)
    .where('place', '>=', 0)
    .where('place', '<', MOST)
    .orderBy('place')
    .execute();
  const places: string[][] = Array.from({ length: (rows.at(-1)?.place ?? -1) + 1 }, () => []);
  for (const { place, aliases } of rows) places[place] = aliases.split(' ');
  return places;
}
