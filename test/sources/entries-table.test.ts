import { describe, expect, test } from 'vitest';
import type { Db } from '../../src/db/schema.ts';
import { DAY } from '../../src/domain/time.ts';
import { entriesOfDays } from '../../src/sources/entries-of-days.ts';
import { saveEntries } from '../../src/sources/entries-table.ts';
import { saveSourceRun, sourceStatuses } from '../../src/sources/source-runs-table.ts';
import { at, FROZEN, makeEntry } from '../support/makers.ts';
import { memoryStore } from '../support/store.ts';

const EARLY = at('2026-08-18T06:00:00Z');
const LATE = at('2026-08-19T04:00:00Z');

describe('entries', () => {
  const all = (db: Db, sources = ['huggingface', 'arxiv:cs.CL']) =>
    entriesOfDays(db, sources, '2026-08-12', '2026-08-19', FROZEN);

  test('come back as they were given, with the moment of first sight', async () => {
    const { db } = await memoryStore();
    const entry = makeEntry({
      title: 'R&D of “<think>” — $60 \u{1f41f}',
      listedOn: '2026-08-18',
      signals: [{ name: 'upvotes', value: 0, seenAt: EARLY }],
    });
    expect((await saveEntries(db, [entry], EARLY)).added).toBe(1);
    expect(await all(db)).toEqual([{ ...entry, firstSeenAt: EARLY }]);
  });

  test('that were seen before are counted as known, keep their first sight and take the newer reading', async () => {
    const { db } = await memoryStore();
    await saveEntries(db, [makeEntry({ listedOn: '2026-08-18' })], EARLY);
    const newer = makeEntry({ listedOn: '2026-08-18', abstract: 'Corrected.' });
    expect(
      (await saveEntries(db, [newer, makeEntry({ key: 'other', listedOn: '2026-08-18' })], LATE)).added,
    ).toBe(1);
    const [known, added] = await all(db);
    expect(known).toMatchObject({ abstract: 'Corrected.', firstSeenAt: EARLY });
    expect(added).toMatchObject({ key: 'other', firstSeenAt: LATE });
  });

  test('are apart when two sources use one key', async () => {
    const { db } = await memoryStore();
    expect((await saveEntries(db, [makeEntry(), makeEntry({ source: 'arxiv:cs.CL' })], EARLY)).added).toBe(2);
    expect(await all(db)).toHaveLength(2);
    expect(await all(db, ['arxiv:cs.CL'])).toHaveLength(1);
    expect(await all(db, [])).toEqual([]);
  });

  test('that a source gives twice count once, and the last counts', async () => {
    const { db } = await memoryStore();
    const twice = [makeEntry({ abstract: 'one' }), makeEntry({ abstract: 'two' })];
    expect((await saveEntries(db, twice, EARLY)).added).toBe(1);
    expect((await all(db)).map((entry) => entry.abstract)).toEqual(['two']);
  });

  test('without a date are no news in a first reading beyond what a day may bring, and news in any other', async () => {
    const { db } = await memoryStore();
    const first = Array.from({ length: 50 }, (_, index) => makeEntry({ key: `old-${index}` }));
    const dated = makeEntry({ key: 'dated', listedOn: '2026-08-18' });
    const kept = await saveEntries(db, [...first, dated], EARLY, { isFirstReading: true });
    expect(kept).toMatchObject({ added: 51, backlog: 30 });
    const keys = (await all(db)).map(({ key }) => key);
    expect(keys).toHaveLength(21);
    expect(keys).toEqual(expect.arrayContaining(['old-0', 'old-19', 'dated']));
    const second = [makeEntry({ key: 'new' }), ...first];
    expect(await saveEntries(db, second, LATE)).toMatchObject({ added: 1, backlog: 0 });
    expect(await all(db)).toHaveLength(22);
    // What gets a date later counts by it.
    await saveEntries(db, [makeEntry({ key: 'old-49', listedOn: '2026-08-19' })], LATE);
    expect((await all(db)).map(({ key }) => key)).toContain('old-49');
  });

  test('may be many, or none', async () => {
    const { db } = await memoryStore();
    expect((await saveEntries(db, [], EARLY)).added).toBe(0);
    const many = Array.from({ length: 1001 }, (_, index) => makeEntry({ key: String(index) }));
    expect((await saveEntries(db, many, EARLY)).added).toBe(1001);
    expect((await saveEntries(db, many, LATE)).added).toBe(0);
    expect(await all(db)).toHaveLength(1001);
  });

  test('are kept up to so many new ones a day from one source, and known ones always', async () => {
    const { db } = await memoryStore();
    const some = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => makeEntry({ key: `${prefix}${index}` }));
    expect(await saveEntries(db, some('a', 7), EARLY, { mostNew: 10 })).toMatchObject({
      added: 7,
      refused: 0,
    });
    const more = [...some('b', 5), ...some('a', 7), makeEntry({ source: 'arxiv:cs.CL' })];
    expect(await saveEntries(db, more, EARLY + 1, { mostNew: 10 })).toMatchObject({ added: 4, refused: 2 });
    expect(await all(db)).toHaveLength(11);
    expect(await saveEntries(db, some('c', 5), EARLY + DAY + 1, { mostNew: 10 })).toMatchObject({
      added: 5,
      refused: 0,
    });
  });

  test('of days on which one source brings more than ranking holds are all of the others, and its newest', async () => {
    const { db } = await memoryStore();
    await saveEntries(db, [makeEntry({ source: 'arxiv:cs.CL', key: 'small' })], EARLY);
    for (let index = 0; index < 8; index++)
      await saveEntries(
        db,
        [makeEntry({ key: `large ${index}`, abstract: 'a'.repeat(10_000) })],
        EARLY + index,
      );
    const sources = ['huggingface', 'arxiv:cs.CL'];
    const found = await entriesOfDays(db, sources, '2026-08-12', '2026-08-19', FROZEN, 50_000);
    expect(found.map(({ key }) => key)).toEqual(['small', 'large 4', 'large 5', 'large 6', 'large 7']);
  });

  test('of some days are those listed then, and the unlisted ones first seen then, up to the moment', async () => {
    const { db } = await memoryStore();
    const listed = ['2026-08-11', '2026-08-12', '2026-08-19', '2026-08-20'];
    await saveEntries(
      db,
      listed.map((day) => makeEntry({ key: `listed ${day}`, listedOn: day })),
      FROZEN + 1,
    );
    const seen = [
      '2026-08-11T23:59:59.999Z',
      '2026-08-12T00:00:00Z',
      '2026-08-19T05:00:00Z',
      '2026-08-19T05:00:00.001Z',
    ];
    for (const moment of seen) await saveEntries(db, [makeEntry({ key: `seen ${moment}` })], at(moment));
    expect((await all(db)).map((entry) => entry.key)).toEqual([
      'listed 2026-08-12',
      'listed 2026-08-19',
      'seen 2026-08-12T00:00:00Z',
      'seen 2026-08-19T05:00:00Z',
    ]);
  });
});

describe('the runs of the sources', () => {
  const run = (source: string, moment: number, outcome: 'new' | 'failed', reason = '') => ({
    source,
    at: moment,
    outcome,
    items: outcome === 'new' ? 12 : 0,
    reason,
    bytes: 100,
    durationMs: 5,
  });

  test('say how the last one of each went and when it was last well', async () => {
    const { db } = await memoryStore();
    await saveSourceRun(db, run('huggingface', EARLY, 'new'));
    await saveSourceRun(db, run('huggingface', LATE, 'failed', 'HTTP 503'));
    await saveSourceRun(db, run('arxiv:cs.CL', EARLY, 'failed', 'no route'));
    await saveSourceRun(db, run('arxiv:cs.CL', LATE, 'new'));
    await saveSourceRun(db, run('rss:https://a.example', LATE, 'failed', 'not a feed'));
    expect(await sourceStatuses(db)).toEqual([
      {
        name: 'arxiv:cs.CL',
        outcome: 'new',
        items: 12,
        reason: '',
        at: LATE,
        lastGood: LATE,
        streak: 1,
        bytes: 100,
        durationMs: 5,
      },
      {
        name: 'huggingface',
        outcome: 'failed',
        items: 0,
        reason: 'HTTP 503',
        at: LATE,
        lastGood: EARLY,
        streak: 1,
        bytes: 100,
        durationMs: 5,
      },
      {
        name: 'rss:https://a.example',
        outcome: 'failed',
        items: 0,
        reason: 'not a feed',
        at: LATE,
        lastGood: null,
        streak: 1,
        bytes: 100,
        durationMs: 5,
      },
    ]);
  });
});
