import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { fileStore, newPath } from '../support/store.ts';

test('the server ends a search after a while, and no other query', async () => {
  const { readOnly, searches } = await fileStore(await newPath());
  const limits = [readOnly, searches].map((db) =>
    sql<{ statement_timeout: string }>`show statement_timeout`.execute(db),
  );
  const rows = (await Promise.all(limits)).map((limit) => limit.rows[0]?.statement_timeout);
  expect(rows).toEqual(['0', '3s']);
});
