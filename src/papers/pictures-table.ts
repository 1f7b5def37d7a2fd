import type { Db, Trx } from '../db/schema.ts';

/** Keeps pictures under the hashes of their bytes; one that is there stays. */
export async function saveThumbnails(
  trx: Trx,
  thumbnails: Iterable<{ readonly hash: string; readonly jpeg: Buffer }>,
): Promise<void> {
  for (const { hash, jpeg } of thumbnails) {
    await trx
      .insertInto('thumbnails')
      .values({ hash, jpeg: jpeg.toString('base64') })
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
  }
}

/** The bytes of a JPEG. */
export async function findThumbnail(db: Db, hash: string): Promise<Buffer | undefined> {
  const row = await db.selectFrom('thumbnails').select('jpeg').where('hash', '=', hash).executeTakeFirst();
  return row && Buffer.from(row.jpeg, 'base64');
}
