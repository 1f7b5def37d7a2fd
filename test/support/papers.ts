import type { Db } from '../../src/db/schema.ts';

export async function countPapers(db: Db): Promise<number> {
  return (await db.selectFrom('papers').select('id').execute()).length;
}
