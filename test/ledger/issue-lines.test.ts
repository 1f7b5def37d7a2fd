import { expect, test } from 'vitest';
import { issueLines, neighboursOf } from '../../src/ledger/issue-lines.ts';
import { freezeIssue, recordNoIssue } from '../../src/ledger/issues.ts';
import { FROZEN, makeIssue } from '../support/makers.ts';
import { memoryStore, within } from '../support/store.ts';

test('a list of issues shows what is in each, and needs none of them whole', async () => {
  const { db } = await memoryStore();
  await within(db, (trx) => freezeIssue(trx, makeIssue({ preheader: 'Also: two lamps' }), 0));
  await db.updateTable('issues').set({ body: 'cannot be read' }).execute();
  expect(await issueLines(db, { limit: 5 })).toMatchObject([
    { date: '2026-08-19', subject: 'Lanternfish and nine more', preheader: 'Also: two lamps' },
  ]);
});

test('the neighbours of a day are the published issues of the same kind, however far', async () => {
  const { db } = await memoryStore();
  for (const date of ['2026-08-03', '2026-08-19'])
    await within(db, (trx) => freezeIssue(trx, makeIssue({ date }), 0));
  await within(db, (trx) => freezeIssue(trx, makeIssue({ kind: 'weekly', date: '2026-08-09' }), 0));
  await within(db, (trx) => freezeIssue(trx, makeIssue({ date: '2026-08-12', sample: true }), 0));
  const skipped = { kind: 'daily', state: 'skipped', reason: '', frozenAt: FROZEN } as const;
  await recordNoIssue(db, { ...skipped, date: '2026-08-10' });
  expect(await neighboursOf(db, 'daily', '2026-08-10')).toMatchObject({
    previous: { date: '2026-08-03' },
    next: { date: '2026-08-19' },
  });
  expect(await neighboursOf(db, 'daily', '2026-08-03', '2026-08-19')).toEqual({});
  expect(await neighboursOf(db, 'weekly', '2026-08-01')).toMatchObject({ next: { date: '2026-08-09' } });
});
