import { inTransaction } from '../db/dialect.ts';
import type { Db } from '../db/schema.ts';
import type { SetAside } from '../domain/set-aside.ts';
import type { Instant } from '../domain/time.ts';
import { UNMERGED } from '../papers/paper-parts.ts';

const LONGEST_REASON = 300;

/** Records what was set aside. @returns what is new */
export async function saveSetAside(db: Db, found: readonly SetAside[], now: Instant): Promise<SetAside[]> {
  return inTransaction(db, async (trx) => {
    const fresh: SetAside[] = [];
    for (const aside of found) {
      const { kind, ref } = aside;
      const reason = aside.reason.slice(0, LONGEST_REASON);
      const known = trx
        .selectFrom('set_aside')
        .select('reason')
        .where('kind', '=', kind)
        .where('ref', '=', ref);
      if ((await known.executeTakeFirst()) === undefined) fresh.push(aside);
      await trx
        .insertInto('set_aside')
        .values({ kind, ref, reason, seen_at: now })
        .onConflict((conflict) => conflict.columns(['kind', 'ref']).doUpdateSet({ reason, seen_at: now }))
        .execute();
    }
    return fresh;
  });
}

/** What is set aside now, newest first. */
export async function listAside(db: Db, limit: number): Promise<(SetAside & { readonly seenAt: Instant })[]> {
  return db
    .selectFrom('set_aside')
    .select(['kind', 'ref', 'reason', 'seen_at as seenAt'])
    .orderBy('seen_at', 'desc')
    .orderBy('kind')
    .orderBy('ref')
    .limit(limit)
    .execute();
}

/** Forgets what was not seen again since the moment; entries among it are tried once more. */
export async function forgetAside(db: Db, before: Instant): Promise<void> {
  await inTransaction(db, async (trx) => {
    const old = await trx.deleteFrom('set_aside').where('seen_at', '<', before).returning('kind').execute();
    if (old.some(({ kind }) => kind === 'entry'))
      await trx.updateTable('entries').set({ paper: null }).where('paper', '=', UNMERGED).execute();
  });
}
