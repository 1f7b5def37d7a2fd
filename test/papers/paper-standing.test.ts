import { expect, test } from 'vitest';
import { freezeIssue } from '../../src/ledger/issues.ts';
import { standingsOf } from '../../src/papers/paper-standing.ts';
import { voteHistory } from '../../src/papers/vote-history.ts';
import { saveSignals } from '../../src/sources/signals-table.ts';
import { makeIssue, makePaper } from '../support/makers.ts';
import { memoryStore, within } from '../support/store.ts';

const signal = { paperId: 'arxiv:2608.00001', name: 'upvotes' } as const;

test('a paper stands with the most votes that a source counts and the newest issue that picked it', async () => {
  const { db } = await memoryStore();
  for (const date of ['2026-08-12', '2026-08-19'])
    await within(db, (trx) => freezeIssue(trx, makeIssue({ date }, [`arxiv:${date}`]), 0));
  await saveSignals(db, [
    { ...signal, source: 'huggingface', value: 9, seenAt: 1 },
    { ...signal, source: 'other', value: 12, seenAt: 1 },
  ]);
  const picked = makePaper({ aliases: ['arxiv:2608.00001', 'arxiv:2026-08-12', 'arxiv:2026-08-19'] });
  const unknown = makePaper({ id: 'arxiv:none' });
  expect(await standingsOf(db, [picked, unknown])).toEqual(
    new Map([
      [picked.id, { votes: 12, issue: '2026-08-19' }],
      [unknown.id, {}],
    ]),
  );
  expect(await standingsOf(db, [])).toEqual(new Map());
});

test('the votes over time are those of one source, oldest first', async () => {
  const { db } = await memoryStore();
  for (const [seenAt, value] of [
    [3, 9],
    [1, 2],
    [2, 5],
  ] as const)
    await db
      .insertInto('signals')
      .values({ paper_id: signal.paperId, source: 'huggingface', name: 'upvotes', seen_at: seenAt, value })
      .execute();
  await saveSignals(db, [{ ...signal, source: 'other', value: 100, seenAt: 1 }]);
  expect(await voteHistory(db, makePaper())).toEqual([
    { at: 1, votes: 2 },
    { at: 2, votes: 5 },
    { at: 3, votes: 9 },
  ]);
});
