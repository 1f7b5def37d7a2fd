import type { Kysely } from 'kysely';
import * as z from 'zod';
import { storedValue } from '../stored.ts';

type Issues = {
  issues: { id: number; body: string | null; subject: string; candidates: string | null };
};

const SLICE = 50;

/**
 * The list of all that an issue chose from is a hundred times the rest of it, and no page shows it: it gets a column of
 * its own. Pages that list issues show their subjects, and need not read the issues for them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const subject = db.schema
    .alterTable('issues')
    .addColumn('subject', 'text', (c) => c.notNull().defaultTo(''));
  await subject.execute();
  await db.schema.alterTable('issues').addColumn('candidates', 'text').execute();
  const issues = db as Kysely<Issues>;
  for (let after = 0; ; ) {
    const query = issues.selectFrom('issues').select(['id', 'body']).where('id', '>', after);
    const rows = await query.orderBy('id').limit(SLICE).execute();
    for (const { id, body } of rows) if (body !== null) await split(issues, id, body);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

async function split(db: Kysely<Issues>, id: number, whole: string): Promise<void> {
  const old = z.looseObject({ subject: z.string(), candidates: z.array(z.unknown()).optional() });
  const read = old.safeParse(storedValue(whole));
  // One that cannot be read stays as it is: no page shows it.
  if (!read.success) return;
  const { candidates = [], ...issue } = read.data;
  const body = JSON.stringify({ ...issue, considered: candidates.length });
  const values = { body, subject: issue.subject, candidates: JSON.stringify(candidates) };
  await db.updateTable('issues').set(values).where('id', '=', id).execute();
}
