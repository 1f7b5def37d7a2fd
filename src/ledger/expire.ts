import { inTransaction } from '../db/dialect.ts';
import type { Db } from '../db/schema.ts';
import type { Instant } from '../domain/time.ts';

/** Expires unsent deliveries that were due before the moment. @param except issues that are skipped */
export async function expire(
  db: Db,
  { dueBefore, except = [], now }: { dueBefore: Instant; except?: readonly number[]; now: Instant },
): Promise<number> {
  const result = await inTransaction(db, (trx) =>
    trx
      .updateTable('deliveries')
      .set({ state: 'expired', settled_at: now })
      .where('state', 'in', ['planned', 'deferred'])
      // No other issue has such rows, and a cancelled one only what was on the wire; named, since in the index the issue stands before the time.
      .where('issue_id', 'in', (e) =>
        e.selectFrom('issues').select('id').where('state', 'in', ['frozen', 'stopped', 'cancelled']),
      )
      .where('due_at', '<', dueBefore)
      .$if(except.length > 0, (query) => query.where('issue_id', 'not in', except))
      .executeTakeFirst(),
  );
  return Number(result.numUpdatedRows);
}
