import { describe, expect, test } from 'vitest';
import { DAY } from '../../src/domain/time.ts';
import { dayBit } from '../../src/domain/weekdays.ts';
import { finishIssues } from '../../src/ledger/issue-states.ts';
import { supersede, supersedeOlder } from '../../src/ledger/supersede.ts';
import { FROZEN } from '../support/makers.ts';
import { enrollSubscribers, memoryStore, planIssue, put, statesOf, within } from '../support/store.ts';

const NOW = FROZEN + 1000;
const monday = { date: '2026-08-17', frozenAt: FROZEN - 2 * DAY };
const tuesday = { date: '2026-08-18', frozenAt: FROZEN - DAY };

describe('where two issues fall on one local day of a reader', () => {
  test('the older gives way to the newer, if it is unsent', async () => {
    for (const state of ['planned', 'deferred', 'sending', 'accepted', 'uncertain', 'failed'] as const) {
      const { db } = await memoryStore();
      const ids = await enrollSubscribers(db, 1);
      const older = await planIssue(db, ids, tuesday, '2026-08-19');
      if (state !== 'planned') await put(db, older, state);
      const newer = await planIssue(db, ids);
      await within(db, (trx) => supersede(trx, newer, ids, NOW));
      const isUnsent = state === 'planned' || state === 'deferred';
      expect(await statesOf(db, older)).toEqual([isUnsent ? 'superseded' : state]);
      expect(await statesOf(db, newer)).toEqual(['planned']);
    }
  });

  test.each(['planned', 'accepted'] as const)(
    'the older gives way also when it is planned later, and the newer is %s',
    async (state) => {
      const { db } = await memoryStore();
      const ids = await enrollSubscribers(db, 1);
      const newer = await planIssue(db, ids);
      if (state === 'accepted') {
        await put(db, newer, state);
        await finishIssues(db);
      }
      const older = await planIssue(db, ids, tuesday, '2026-08-19');
      await within(db, (trx) => supersede(trx, older, ids, NOW));
      expect(await statesOf(db, newer)).toEqual([state]);
      expect(await statesOf(db, older)).toEqual(['superseded']);
    },
  );

  test('other days, other readers, welcomes and a newer one that was withdrawn change nothing', async () => {
    const { db } = await memoryStore();
    const [one = 0, two = 0, three = 0, four = 0] = await enrollSubscribers(db, 4);
    const older = await planIssue(db, [one, two, three, four], tuesday, '2026-08-19');
    await db
      .updateTable('deliveries')
      .set({ due_day: '2026-08-18' })
      .where('subscriber_id', '=', one)
      .execute();
    await db.updateTable('deliveries').set({ due_day: '' }).where('subscriber_id', '=', two).execute();
    const newer = await planIssue(db, [one, two, three, four]);
    await db
      .updateTable('deliveries')
      .set({ state: 'suppressed' })
      .where('issue_id', '=', newer)
      .where('subscriber_id', '=', three)
      .execute();
    await within(db, (trx) => supersede(trx, newer, [one, two, three], NOW));
    expect(await statesOf(db, older)).toEqual(['planned', 'planned', 'planned', 'planned']);
  });
});

describe('an issue that goes to everybody whose day it is', () => {
  test('replaces all that is older and unsent, for those readers', async () => {
    const { db } = await memoryStore();
    const [everyDay = 0] = await enrollSubscribers(db, 1);
    const [fridays = 0] = await enrollSubscribers(db, 1, { email: 'f@example.org', days: 16 });
    const first = await planIssue(db, [everyDay, fridays], monday);
    const second = await planIssue(db, [everyDay, fridays], tuesday);
    await put(db, second, 'deferred');
    const newest = await planIssue(db, [everyDay, fridays]);
    await within(db, (trx) => supersedeOlder(trx, newest, dayBit('2026-08-19'), NOW));
    expect(await statesOf(db, first)).toEqual(['superseded', 'planned']);
    expect(await statesOf(db, second)).toEqual(['superseded', 'deferred']);
    expect(await statesOf(db, newest)).toEqual(['planned', 'planned']);
  });

  test('replaces nothing newer when it is of a past day', async () => {
    const { db } = await memoryStore();
    const ids = await enrollSubscribers(db, 1);
    const newer = await planIssue(db, ids);
    const past = await planIssue(db, ids, monday);
    await within(db, (trx) => supersedeOlder(trx, past, dayBit('2026-08-17'), NOW));
    expect(await statesOf(db, newer)).toEqual(['planned']);
  });
});
