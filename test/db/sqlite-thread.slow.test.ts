import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Db } from '../../src/db/schema.ts';
import { parsePaperQuery } from '../../src/domain/paper-query.ts';
import { savePaper } from '../../src/papers/papers-table.ts';
import { searchPapers, similarPapers } from '../../src/papers/search.ts';
import { makePaper } from '../support/makers.ts';
import { fileStore, newPath } from '../support/store.ts';

const PAGE = { order: 'best' as const, limit: 20, offset: 0 };

/** Some tenths of a second of SQLite. */
const LONG = sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000) select max(i) from n`;

/** How often the event loop turns while a query runs. */
async function turnsDuring(db: Db): Promise<number> {
  let turns = 0;
  let running = true;
  const query = LONG.execute(db).finally(() => {
    running = false;
  });
  while (running) {
    turns += 1;
    await new Promise(setImmediate);
  }
  await query;
  return turns;
}

describe('searches in a file', () => {
  test('let the event loop go on, which a query of its own thread does not', async () => {
    const { readOnly, searches } = await fileStore(await newPath());
    await searches.selectFrom('papers').select('id').execute();
    expect(await turnsDuring(readOnly)).toBeLessThan(10);
    expect(await turnsDuring(searches)).toBeGreaterThan(20);
  });

  test('find what the other connections find, as soon as it is written', async () => {
    const { db, readOnly, searches } = await fileStore(await newPath());
    for (const [id, title] of Object.entries({ 'arxiv:1': 'Slow tides', 'arxiv:2': 'Slow tides again' })) {
      await db.transaction().execute((trx) => savePaper(trx, makePaper({ id, title }), undefined, []));
      for (const line of ['slow -fast', '"slow tides"', ''])
        expect(await searchPapers(searches, parsePaperQuery(line), PAGE)).toEqual(
          await searchPapers(readOnly, parsePaperQuery(line), PAGE),
        );
    }
    expect((await similarPapers(searches, 'arxiv:1', 5)).map(({ id }) => id)).toEqual(['arxiv:2']);
  });

  test('cannot write, say what went wrong, and go on after it', async () => {
    const { searches } = await fileStore(await newPath());
    await expect(sql`delete from papers`.execute(searches)).rejects.toThrow(/readonly/);
    await expect(sql`select word from nowhere`.execute(searches)).rejects.toThrow(/no such table/);
    expect((await sql`select 1 as one`.execute(searches)).rows).toEqual([{ one: 1 }]);
  });

  test('asked for all at once are answered one after the other, each with its own', async () => {
    const { searches } = await fileStore(await newPath());
    const numbers = Array.from({ length: 30 }, (_, index) => index);
    const answers = numbers.map((number) => sql<{ n: number }>`select ${number} as n`.execute(searches));
    expect((await Promise.all(answers)).map(({ rows }) => rows[0]?.n)).toEqual(numbers);
  });
});
