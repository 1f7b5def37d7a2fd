import type { Kysely } from 'kysely';
import * as z from 'zod';
import { storedValue } from '../stored.ts';

type Issues = { issues: { id: number; body: string | null; preheader: string } };

const SLICE = 50;
const Frozen = z.looseObject({ preheader: z.string() });

/**
 * The archive shows what is in each issue, and need not read the issues for it. A sign-up form offers the weekly issue:
 * 127 is every day, as `EVERY_DAY`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('issues')
    .addColumn('preheader', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  await db.schema
    .alterTable('signups')
    .addColumn('days', 'integer', (c) => c.notNull().defaultTo(127))
    .execute();
  const issues = db as Kysely<Issues>;
  for (let after = 0; ; ) {
    const query = issues.selectFrom('issues').select(['id', 'body']).where('id', '>', after);
    const rows = await query.orderBy('id').limit(SLICE).execute();
    for (const { id, body } of rows) {
      const read = Frozen.safeParse(body === null ? undefined : storedValue(body));
      if (!read.success) continue;
      const { preheader } = read.data;
      await issues.updateTable('issues').set({ preheader }).where('id', '=', id).execute();
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}
