import type { Db, Trx } from '../db/schema.ts';
import type { Day } from '../domain/day.ts';
import { OPEN_STATES } from '../domain/delivery.ts';
import type { Instant } from '../domain/time.ts';

/** Finished issues from before the moment that still have one row per delivery. */
export async function archivableIssues(db: Db, before: Instant): Promise<{ id: number; date: Day }[]> {
  return db
    .selectFrom('issues')
    .select(['id', 'date'])
    .where('state', 'in', ['done', 'cancelled'])
    .where('frozen_at', '<', before)
    .where((e) =>
      e.exists(
        e
          .selectFrom('deliveries')
          .select('issue_id')
          .whereRef('deliveries.issue_id', '=', 'issues.id')
          .where('picks', '=', ''),
      ),
    )
    .orderBy('id')
    .execute();
}

/**
 * Adds an issue's first deliveries, in the order of the subscribers, to its totals. Of accepted ones only the
 * subscribers' ids are kept. A delivery with picks of its own stays: it says which papers its subscriber got. The books
 * balance before and after. @returns how many
 */
export async function archiveSlice(trx: Trx, issueId: number, size: number): Promise<number> {
  const rows = await trx
    .selectFrom('deliveries')
    .select(['subscriber_id', 'state'])
    .where('issue_id', '=', issueId)
    .where('picks', '=', '')
    .orderBy('subscriber_id')
    .limit(size)
    .execute();
  const first = rows[0];
  const last = rows.at(-1);
  // A cancelled issue may have had a mail in flight.
  if (!first || !last || rows.some(({ state }) => state !== 'uncertain' && isOpen(state))) return 0;
  const counts = new Map<(typeof rows)[number]['state'], number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  for (const [state, count] of counts) {
    await trx
      .insertInto('folded')
      .values({ issue_id: issueId, state, count })
      .onConflict((conflict) =>
        conflict
          .columns(['issue_id', 'state'])
          .doUpdateSet((e) => ({ count: e('folded.count', '+', count) })),
      )
      .execute();
  }
  const had = rows.filter(({ state }) => state === 'accepted').map((row) => row.subscriber_id);
  if (had.length > 0)
    await trx
      .insertInto('folded_readers')
      .values({
        issue_id: issueId,
        first_id: first.subscriber_id,
        readers: packIds(first.subscriber_id, had),
      })
      .execute();
  await trx
    .deleteFrom('deliveries')
    .where('issue_id', '=', issueId)
    .where('subscriber_id', '>=', first.subscriber_id)
    .where('subscriber_id', '<=', last.subscriber_id)
    .where('picks', '=', '')
    .execute();
  return rows.length;
}

function isOpen(state: string): boolean {
  return (OPEN_STATES as readonly string[]).includes(state);
}

/** Ids in ascending order, each as its distance from the previous one in base 36. */
export function packIds(from: number, ids: readonly number[]): string {
  let last = from;
  return ids
    .map((id) => {
      const step = id - last;
      last = id;
      return step.toString(36);
    })
    .join(' ');
}
