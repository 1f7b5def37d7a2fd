import type { Kysely } from 'kysely';

/** The language that a reader chose for what stands around the papers. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('subscribers')
    .addColumn('language', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
}
