import type { Db } from '../db/schema.ts';
import type { Instant } from '../domain/time.ts';

export type Mark = { readonly uidValidity: number; readonly uid: number };

/** Up to where a mailbox was read; from the beginning for one that never was. */
export async function findMark(db: Db, folder: string): Promise<Mark> {
  const row = await db
    .selectFrom('mailbox_marks')
    .select(['uid_validity as uidValidity', 'uid'])
    .where('folder', '=', folder)
    .executeTakeFirst();
  return row ?? { uidValidity: 0, uid: 0 };
}

export async function saveMark(db: Db, folder: string, { uidValidity, uid }: Mark): Promise<void> {
  const values = { uid_validity: uidValidity, uid };
  await db
    .insertInto('mailbox_marks')
    .values({ folder, ...values })
    .onConflict((conflict) => conflict.column('folder').doUpdateSet(values))
    .execute();
}

/** Takes a mailbox for this process. @returns false while another has it */
export async function leaseMailbox(db: Db, folder: string, now: Instant, lease: number): Promise<boolean> {
  const free_at = now + lease;
  const row = await db
    .insertInto('lanes')
    .values({ lane: laneOf(folder), free_at })
    .onConflict((conflict) =>
      conflict
        .column('lane')
        .doUpdateSet({ free_at })
        // A lease that ends later than any can was given by a clock that went wrong.
        .where((e) => e.or([e('lanes.free_at', '<=', now), e('lanes.free_at', '>', now + lease)])),
    )
    .returning('lane')
    .executeTakeFirst();
  return row !== undefined;
}

export async function releaseMailbox(db: Db, folder: string): Promise<void> {
  await db.updateTable('lanes').set({ free_at: 0 }).where('lane', '=', laneOf(folder)).execute();
}

function laneOf(folder: string): string {
  return `mailbox ${folder}`;
}
