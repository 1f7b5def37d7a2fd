import type { Db } from '../db/schema.ts';
import type { KnownPaper } from '../domain/known-paper.ts';
import type { Instant } from '../domain/time.ts';

/** How many votes a paper had at a moment. */
export type VoteReading = { readonly at: Instant; readonly votes: number };

/** The readings of the source that has most of them, oldest first; a reading only where the number changed. */
export async function voteHistory(db: Db, { aliases }: Pick<KnownPaper, 'aliases'>): Promise<VoteReading[]> {
  const rows = await db
    .selectFrom('signals')
    .select(['source', 'seen_at as at', 'value as votes'])
    .where('paper_id', 'in', aliases)
    .where('name', '=', 'upvotes')
    .orderBy('seen_at')
    .execute();
  const sound = rows.filter(({ votes }) => Number.isFinite(votes) && votes >= 0);
  const bySource = [...Map.groupBy(sound, ({ source }) => source).values()];
  const [most = []] = bySource.sort((left, right) => right.length - left.length);
  return most.map(({ at, votes }) => ({ at, votes }));
}
