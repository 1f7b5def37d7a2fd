import type { Kysely } from 'kysely';
import { describe, expect, test } from 'vitest';
import { up as leanIssues } from '../../src/db/migrations/0015-lean-issues.ts';
import type { Db } from '../../src/db/schema.ts';
import type { Issue } from '../../src/domain/issue.ts';
import { DAY } from '../../src/domain/time.ts';
import { claim, settle } from '../../src/ledger/claims.ts';
import { chosenFrom, issueLines } from '../../src/ledger/issue-lines.ts';
import { papersAlreadySent } from '../../src/ledger/issue-papers.ts';
import { countJoiners, finishIssues, setIssueState } from '../../src/ledger/issue-states.ts';
import {
  findIssue,
  findIssueById,
  freezeIssue,
  latestIssue,
  listIssues,
  markPlanned,
  newestIssues,
  nextNumber,
  recordNoIssue,
  unplannedIssues,
} from '../../src/ledger/issues.ts';
import { FROZEN, makeIssue } from '../support/makers.ts';
import { enrollSubscribers, fileStore, memoryStore, newPath, planIssue } from '../support/store.ts';

function freeze(db: Db, change: Partial<Issue> = {}, papers?: string[]): Promise<number | undefined> {
  return db.transaction().execute((trx) => freezeIssue(trx, makeIssue(change, papers), 3));
}

const noIssue = (state: 'held' | 'skipped', reason: string) =>
  ({ kind: 'daily', date: '2026-08-19', state, reason, frozenAt: FROZEN }) as const;

describe('an issue', () => {
  test('comes back as it was frozen', async () => {
    const { db } = await memoryStore();
    const id = await freeze(db);
    const row = await findIssue(db, 'daily', '2026-08-19');
    const { candidates, ...issue } = makeIssue();
    expect(row?.issue).toEqual({ ...issue, id, state: 'frozen' });
    expect(await chosenFrom(db, id ?? 0)).toEqual(candidates);
    expect(row).toMatchObject({ id, audience: 3, plannedAt: null, reason: '' });
    expect(await findIssueById(db, id ?? 0)).toEqual(row);
    expect(await findIssue(db, 'daily', '2026-08-20')).toBeUndefined();
    expect(await findIssueById(db, 99)).toBeUndefined();
  });

  test('is not read for a list, nor is what it chose from for a page', async () => {
    const { db } = await memoryStore();
    await freeze(db);
    await db.updateTable('issues').set({ candidates: 'not JSON' }).execute();
    expect((await newestIssues(db, 'daily', 9))[0]?.subject).toBe(makeIssue().subject);
    await db.updateTable('issues').set({ body: 'not JSON' }).execute();
    expect(await issueLines(db, { limit: 9 })).toMatchObject([{ number: 1, subject: makeIssue().subject }]);
  });

  test('from before what it chose from had a column of its own is split when the database is brought up to date', async () => {
    const { db } = await memoryStore();
    const { candidates, considered, ...issue } = makeIssue();
    const ids = [await freeze(db), await freeze(db, { date: '2026-08-20' })];
    await recordNoIssue(db, { ...noIssue('skipped', 'too few'), date: '2026-08-21' });
    const dates = ['2026-08-19', '2026-08-20'];
    for (const date of dates) {
      const body = JSON.stringify({ ...issue, date, candidates });
      await db.updateTable('issues').set({ body }).where('date', '=', date).execute();
    }
    for (const column of ['subject', 'candidates'])
      await db.schema.alterTable('issues').dropColumn(column).execute();
    await leanIssues(db as Kysely<unknown>);
    for (const [index, id] of ids.entries()) {
      expect((await findIssueById(db, id ?? 0))?.issue).toEqual({
        ...issue,
        date: dates[index],
        considered,
        id,
        state: 'frozen',
      });
      expect(await chosenFrom(db, id ?? 0)).toEqual(candidates);
    }
    const lines = await issueLines(db, { limit: 9 });
    expect(lines.map(({ subject }) => subject)).toEqual(['', issue.subject, issue.subject]);
  });

  test('is one a day: who comes second finds the first there', async () => {
    const { db } = await memoryStore();
    const id = await freeze(db);
    expect(await freeze(db, { subject: 'Another' }, ['arxiv:2'])).toBeUndefined();
    expect((await findIssue(db, 'daily', '2026-08-19'))?.issue).toMatchObject({
      id,
      subject: makeIssue().subject,
    });
    expect(await papersAlreadySent(db, 'daily', ['arxiv:2'])).toEqual(new Set());
  });

  test('is one a day also when two processes freeze it at once', async () => {
    const path = await newPath();
    const stores = [await fileStore(path), await fileStore(path)];
    const ids = await Promise.all(stores.map(({ db }) => freeze(db)));
    expect(ids.filter((id) => id !== undefined)).toHaveLength(1);
  });

  test.each(['frozen', 'done', 'cancelled'] as const)(
    'that is %s stays, whatever comes later',
    async (state) => {
      const { db } = await memoryStore();
      const id = (await freeze(db)) ?? 0;
      await setIssueState(db, id, state, 'for a reason');
      expect(await freeze(db, { subject: 'Another' })).toBeUndefined();
      await recordNoIssue(db, noIssue('skipped', 'too late'));
      expect(await findIssueById(db, id)).toMatchObject({ state, reason: 'for a reason' });
    },
  );

  test('takes the place of a day that was held or skipped', async () => {
    for (const state of ['held', 'skipped'] as const) {
      const { db } = await memoryStore();
      await recordNoIssue(db, noIssue(state, 'nothing came'));
      const before = await findIssue(db, 'daily', '2026-08-19');
      expect(before).toMatchObject({ state, reason: 'nothing came' });
      expect(before).not.toHaveProperty('issue');
      expect(await freeze(db)).toBe(before?.id);
      expect(await findIssue(db, 'daily', '2026-08-19')).toMatchObject({
        state: 'frozen',
        reason: '',
        audience: 3,
      });
    }
  });

  test('that is not there says the newest reason why', async () => {
    const { db } = await memoryStore();
    await recordNoIssue(db, noIssue('held', 'nothing came'));
    await recordNoIssue(db, noIssue('skipped', 'too few'));
    expect(await listIssues(db, { limit: 9 })).toMatchObject([{ state: 'skipped', reason: 'too few' }]);
  });
});

describe('issues', () => {
  test('are numbered from 1, without samples and days that had none', async () => {
    const { db } = await memoryStore();
    expect(await nextNumber(db, 'daily')).toBe(1);
    await freeze(db, { sample: true, number: 1 });
    await recordNoIssue(db, noIssue('held', ''));
    expect(await nextNumber(db, 'daily')).toBe(1);
    await freeze(db, { number: 1 });
    expect(await nextNumber(db, 'daily')).toBe(2);
  });

  test('are listed newest first, before a day and with samples when asked', async () => {
    const { db } = await memoryStore();
    for (const date of ['2026-08-17', '2026-08-19', '2026-08-18']) await freeze(db, { date }, [date]);
    await freeze(db, { date: '2026-08-16', sample: true });
    const dates = async (options: Parameters<typeof listIssues>[1]) =>
      (await listIssues(db, options)).map((row) => row.date.slice(8));
    expect(await dates({ limit: 9 })).toEqual(['19', '18', '17']);
    expect(await dates({ limit: 1, before: '2026-08-19' })).toEqual(['18']);
    expect(await dates({ limit: 9, samples: true })).toEqual(['19', '18', '17', '16']);
  });

  test('that are published come newest first; a sample only where there is no other', async () => {
    const { db } = await memoryStore();
    expect(await newestIssues(db, 'daily', 5)).toEqual([]);
    await freeze(db, { date: '2026-08-16', sample: true, frozenAt: FROZEN + DAY });
    expect((await newestIssues(db, 'daily', 5)).map((issue) => issue.sample)).toEqual([true]);
    expect(await latestIssue(db, 'daily', { orSample: true })).toMatchObject({ sample: true });
    expect(await latestIssue(db, 'daily', { orSample: false })).toBeUndefined();
    await freeze(db, { date: '2026-08-17', frozenAt: FROZEN - DAY }, ['a']);
    const last = await freeze(db, { date: '2026-08-18' }, ['b']);
    expect((await newestIssues(db, 'daily', 5)).map((issue) => issue.date)).toEqual([
      '2026-08-18',
      '2026-08-17',
    ]);
    await setIssueState(db, last ?? 0, 'cancelled');
    expect(await latestIssue(db, 'daily', { orSample: true })).toMatchObject({ date: '2026-08-17' });
  });

  test('remember every name of every paper they had, but not what a sample had', async () => {
    const { db } = await memoryStore();
    const pick = makeIssue().picks[0];
    if (pick === undefined) throw new Error('the made-up issue has a pick');
    const aliases = ['arxiv:1', 'doi:10.1/x', 'title:lanternfish'];
    await freeze(db, { picks: [{ ...pick, paper: { ...pick.paper, aliases } }] });
    await freeze(db, { sample: true }, ['arxiv:sample']);
    const asked = [
      ...Array.from({ length: 2500 }, (_, index) => `arxiv:no${index}`),
      ...aliases,
      'arxiv:sample',
    ];
    expect(await papersAlreadySent(db, 'daily', asked)).toEqual(new Set(aliases));
    expect(await papersAlreadySent(db, 'daily', [])).toEqual(new Set());
  });

  test('may have a paper that an earlier one had under another name', async () => {
    const { db } = await memoryStore();
    await freeze(db, {}, ['arxiv:1', 'arxiv:2']);
    expect(await freeze(db, { date: '2026-08-20' }, ['arxiv:2', 'arxiv:3'])).toBeDefined();
    expect(await papersAlreadySent(db, 'daily', ['arxiv:1', 'arxiv:2', 'arxiv:3', 'arxiv:4'])).toHaveLength(
      3,
    );
  });
});

describe('an issue that is being delivered', () => {
  test('waits for its audience to be planned, and is planned once', async () => {
    const { db } = await memoryStore();
    const id = (await freeze(db)) ?? 0;
    expect((await unplannedIssues(db)).map((row) => row.id)).toEqual([id]);
    await markPlanned(db, id, FROZEN + 1);
    await markPlanned(db, id, FROZEN + 2);
    expect(await unplannedIssues(db)).toEqual([]);
    expect(await findIssueById(db, id)).toMatchObject({ plannedAt: FROZEN + 1 });
  });

  test('is done when nobody is left, not before it is planned, and opens again for who joins', async () => {
    const { db } = await memoryStore();
    const subscribers = await enrollSubscribers(db, 1);
    const unplanned = await freeze(db, { date: '2026-08-18' });
    const id = await planIssue(db, subscribers);
    const state = async (issueId = id) => (await findIssueById(db, issueId))?.state;
    const key = { table: 'deliveries', issueId: id, subscriberId: subscribers[0] ?? 0 } as const;
    await finishIssues(db);
    expect(await state()).toBe('frozen');
    await claim(db, key, 'me', FROZEN);
    await finishIssues(db);
    expect(await state()).toBe('frozen');
    await settle(db, key, 'me', { kind: 'accepted', reply: '250 ok' }, { now: FROZEN, nextAt: 0 });
    await finishIssues(db);
    expect(await state()).toBe('done');
    expect(await state(unplanned)).toBe('frozen');
    await db.transaction().execute((trx) => countJoiners(trx, id, 2));
    expect(await findIssueById(db, id)).toMatchObject({ state: 'frozen', audience: 3 });
  });
});
