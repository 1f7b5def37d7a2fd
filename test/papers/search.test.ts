import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Db } from '../../src/db/schema.ts';
import type { KnownPaper, MarkedText } from '../../src/domain/known-paper.ts';
import { countIndexWords, parsePaperQuery } from '../../src/domain/paper-query.ts';
import { savePaper } from '../../src/papers/papers-table.ts';
import { searchPapers, similarPapers } from '../../src/papers/search.ts';
import { ENGINE } from '../support/engine.ts';
import { makePaper } from '../support/makers.ts';
import { RUNS } from '../support/properties.ts';
import { memoryStore } from '../support/store.ts';

const ROOMS: Partial<KnownPaper>[] = [
  {
    id: 'arxiv:1',
    title: 'Diffusion models for tide tables',
    abstract: 'A lantern looks at waves < 3 m & "more".',
  },
  { id: 'arxiv:2', title: 'Tide tables without models of diffusion', abstract: 'The waves looked back.' },
  {
    id: 'arxiv:3',
    title: 'Gardens',
    abstract: 'Small lanterns water slow gardens with tide water.',
    authors: ['Zoë Müller', 'Bo Sample'],
    categories: ['cs.CL', 'stat.ML'],
    day: '2026-07-02',
  },
];

async function library(papers: readonly Partial<KnownPaper>[] = ROOMS): Promise<Db> {
  const { db } = await memoryStore();
  await db.transaction().execute(async (trx) => {
    for (const paper of papers) {
      const base = { authors: ['Ada Example'], categories: ['cs.AI'], day: '2026-08-18' };
      await savePaper(trx, makePaper({ ...base, ...paper }), undefined, []);
    }
  });
  return db;
}

async function find(db: Db, line: string, change: { order?: 'best' | 'new'; limit?: number } = {}) {
  const page = { order: 'best' as const, limit: 20, offset: 0, ...change };
  const { found, total } = await searchPapers(db, parsePaperQuery(line), page);
  return { ids: found.map(({ paper }) => paper.id.slice(6)), total, found };
}

describe('a search finds', () => {
  test.each([
    ['words anywhere, by their stems', 'lanterns', ['1', '3']],
    ['only papers that have all words', 'lantern gardens', ['3']],
    ['phrases as they stand', '"diffusion models"', ['1']],
    ['authors, with and without accents of their own', 'author:Müller', ['3']],
    ['authors by their whole name', 'author:"Zoë Müller"', ['3']],
    ['nobody by halves of two names', 'author:"Müller Example"', []],
    ['a category', 'category:stat.ML', ['3']],
    ['a category by its name alone', 'cs.CL', ['3']],
    ['a whole archive', 'category:cs', ['3', '2', '1']],
    ['the papers of some days', 'from:2026-07-01 to:2026-07', ['3']],
    ['the papers of some days that have a word', 'tide from:2026-08', ['1', '2']],
    ['what lacks a word', 'tide -lantern', ['2']],
    ['everything but', '-gardens', ['2', '1']],
    ['everything, newest first, when nothing is asked', '', ['2', '1', '3']],
    ['nothing that is nowhere', 'zebra', []],
    ['what is between punctuation', 'tide-tables, (models)', ['1', '2']],
  ])('%s', async (_, line, ids) => {
    const found = await find(await library(), line);
    expect(found.ids.toSorted()).toEqual(ids.toSorted());
    expect(found.total).toBe(ids.length);
  });

  test('first what has the word in its title', async () => {
    const db = await library();
    expect((await find(db, 'tide')).ids.at(-1)).toBe('3');
    expect((await find(db, 'tide', { order: 'new' })).ids).toEqual(['3', '2', '1']);
  });

  test('pages of it', async () => {
    const db = await library();
    const second = await searchPapers(db, parsePaperQuery('tide'), { order: 'new', limit: 2, offset: 2 });
    expect(second.found.map(({ paper }) => paper.id)).toEqual(['arxiv:1']);
    expect(second.total).toBe(3);
  });

  test('and marks it, and nothing else', async () => {
    const [first] = (await find(await library(), '"diffusion models" lantern')).found;
    expect(hits(first?.title ?? [])).toContain('Diffusion');
    expect(hits(first?.excerpt ?? [])).toBe('lantern');
    expect((first?.excerpt ?? []).map(({ text }) => text).join('')).toContain('waves < 3 m & "more"');
  });
});

test('no search is a mistake, whatever is typed', async () => {
  const db = await library();
  const syntax = fc.constantFrom(
    '"',
    '*',
    '(',
    ')',
    ':',
    '^',
    '-',
    'AND',
    'OR',
    'NOT',
    'NEAR(',
    "'",
    '\\',
    '\0',
  );
  const piece = fc.oneof(
    syntax,
    fc.string({ maxLength: 6, unit: 'binary' }),
    fc.constantFrom('author:', 'tide', 'from:2026'),
  );
  const lines = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(' '));
  await fc.assert(
    fc.asyncProperty(fc.oneof(lines, fc.string({ unit: 'binary' })), async (line) => {
      await find(db, line);
    }),
    { numRuns: 4 * RUNS },
  );
});

test('no text is more words to the index than are counted for it', async () => {
  const { db } = await memoryStore();
  if (ENGINE === 'sqlite') {
    await sql`create virtual table given using fts5 (text, tokenize = 'porter unicode61 remove_diacritics 2')`.execute(
      db,
    );
    await sql`create virtual table given_words using fts5vocab (given, instance)`.execute(db);
  }
  const wordsOf = async (text: string): Promise<number> => {
    if (ENGINE !== 'sqlite') {
      const { rows } = await sql<{ n: number }>`
        select count(*)::integer as n from ts_parse('default', ${text}) where tokid <> 12`.execute(db);
      return rows[0]?.n ?? 0;
    }
    await sql`delete from given`.execute(db);
    await sql`insert into given values (${text})`.execute(db);
    const { rows } = await sql<{ n: number }>`select count(*) as n from given_words`.execute(db);
    return rows[0]?.n ?? 0;
  };
  const letters = fc.stringMatching(/^[\p{L}\p{N}\p{M}]{1,12}$/u);
  const texts = fc.oneof(letters, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const { words, phrases } = parsePaperQuery(`"${text.replaceAll('"', ' ')}"`);
      for (const term of [...words, ...phrases]) {
        // Postgres takes a compound for a word beside its parts.
        const most = countIndexWords(term) * (ENGINE === 'sqlite' ? 1 : 2);
        expect(await wordsOf(term)).toBeLessThanOrEqual(most);
      }
    }),
    { numRuns: 4 * RUNS },
  );
});

describe('similar papers', () => {
  test('share telling words, the most first, and are not the paper itself', async () => {
    const db = await library([...ROOMS, { id: 'arxiv:4', title: 'Soup', abstract: 'Nothing of the kind.' }]);
    const similar = await similarPapers(db, 'arxiv:1', 5);
    expect(similar.map(({ id }) => id)).toEqual(['arxiv:2', 'arxiv:3']);
  });

  test('are none for a paper that nobody knows', async () => {
    expect(await similarPapers(await library(), 'arxiv:9', 5)).toEqual([]);
  });
});

function hits(text: MarkedText): string {
  return text
    .filter(({ hit }) => hit)
    .map((piece) => piece.text)
    .join(' ');
}
