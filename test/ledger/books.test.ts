import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Db } from '../../src/db/schema.ts';
import { DELIVERY_STATES, imbalances, type Outcome } from '../../src/domain/delivery.ts';
import { DAY } from '../../src/domain/time.ts';
import { EVERY_DAY } from '../../src/domain/weekdays.ts';
import { booksOf, notReached } from '../../src/ledger/books.ts';
import { abandon, claim, replanDeferred, resendUncertain, settle } from '../../src/ledger/claims.ts';
import { expire } from '../../src/ledger/expire.ts';
import { countJoiners, finishIssues } from '../../src/ledger/issue-states.ts';
import { plan, replan, suppressUnsent } from '../../src/ledger/plan-rows.ts';
import { supersede, supersedeOlder } from '../../src/ledger/supersede.ts';
import { addSubscriber, eraseSubscriber, setState } from '../../src/subscribers/subscribers-table.ts';
import { FROZEN, makeSubscriber } from '../support/makers.ts';
import { enrollSubscribers, memoryStore, newStore, planIssue } from '../support/store.ts';

const NOW = FROZEN + 1000;

async function sent(db: Db, count = 3): Promise<{ issueId: number; ids: number[] }> {
  const ids = await enrollSubscribers(db, count);
  const issueId = await planIssue(db, ids);
  for (const subscriberId of ids) {
    const key = { table: 'deliveries', issueId, subscriberId } as const;
    await claim(db, key, 'me', NOW);
    await settle(db, key, 'me', { kind: 'accepted', reply: '250 ok' }, { now: NOW, nextAt: 0 });
  }
  return { issueId, ids };
}

describe('the books of an issue', () => {
  test('count each reader in one state', async () => {
    const { db } = await memoryStore();
    const { issueId } = await sent(db);
    const books = await booksOf(db, issueId);
    expect(books).toMatchObject({ issueId, audience: 3, joined: 0, unproven: 0 });
    expect(Object.keys(books.counts)).toEqual([...DELIVERY_STATES]);
    expect(books.counts).toMatchObject({ accepted: 3, planned: 0, failed: 0 });
    expect(imbalances(books)).toEqual([]);
  });

  test('tell of a delivery that is gone, and of one too many', async () => {
    const { db } = await memoryStore();
    const { issueId, ids } = await sent(db);
    await db
      .deleteFrom('deliveries')
      .where('subscriber_id', '=', ids[1] ?? 0)
      .execute();
    expect(imbalances(await booksOf(db, issueId))).toEqual(['3 readers were counted and 2 have a delivery']);
    const more = [ids[1] ?? 0, 98, 99].map((subscriberId) => ({
      subscriberId,
      address: '',
      dueAt: 0,
      dueDay: '' as const,
    }));
    await db.transaction().execute((trx) => plan(trx, issueId, more));
    expect(imbalances(await booksOf(db, issueId))).toEqual(['3 readers were counted and 5 have a delivery']);
  });

  test('tell of an accepted delivery without its reply or its time', async () => {
    const { db } = await memoryStore();
    const { issueId, ids } = await sent(db);
    await db
      .updateTable('deliveries')
      .set({ reply: '' })
      .where('subscriber_id', '=', ids[0] ?? 0)
      .execute();
    await db
      .updateTable('deliveries')
      .set({ settled_at: 0 })
      .where('subscriber_id', '=', ids[1] ?? 0)
      .execute();
    expect(imbalances(await booksOf(db, issueId))).toEqual([
      '2 accepted deliveries have no reply or no time',
    ]);
  });

  test('name those who were not reached, in slices', async () => {
    const { db } = await memoryStore();
    const { issueId, ids } = await sent(db, 4);
    for (const [index, state] of (['failed', 'expired', 'superseded'] as const).entries())
      await db
        .updateTable('deliveries')
        .set({ state })
        .where('subscriber_id', '=', ids[index] ?? 0)
        .execute();
    expect(await notReached(db, issueId, 9)).toMatchObject([
      { subscriberId: ids[0], state: 'failed', address: 'reader1@example.org', reply: '250 ok', attempts: 1 },
      { subscriberId: ids[1], state: 'expired' },
    ]);
    expect(await notReached(db, issueId, 1)).toHaveLength(1);
  });
});

const OUTCOMES: readonly Outcome[] = [
  { kind: 'accepted', reply: '250 ok' },
  { kind: 'deferred', reply: '451 later' },
  { kind: 'failed', class: 'hard', reply: '550 nobody', suppress: true },
  { kind: 'lost', reply: 'lost' },
  { kind: 'route', reply: '421 you' },
];

/** Anything that may happen to the deliveries of two issues; `reader` and `issue` choose whose. */
const STEPS = {
  claim: (db: Db, { issueId, subscriberId, owner }: Step) =>
    claim(db, { table: 'deliveries', issueId, subscriberId }, owner, NOW),
  settle: (db: Db, { issueId, subscriberId, owner, outcome }: Step) =>
    settle(db, { table: 'deliveries', issueId, subscriberId }, owner, outcome, { now: NOW, nextAt: NOW }),
  crash: (db: Db, { owner }: Step) => abandon(db, owner),
  resend: (db: Db) => resendUncertain(db),
  retry: (db: Db) => replanDeferred(db, NOW),
  finish: (db: Db) => finishIssues(db),
  late: (db: Db, { issueId }: Step) => expire(db, { dueBefore: FROZEN, except: [issueId], now: NOW }),
  leave: (db: Db, { subscriberId }: Step) =>
    db.transaction().execute(async (trx) => {
      await setState(trx, subscriberId, 'unsubscribed', NOW);
      await suppressUnsent(trx, subscriberId, 'unsubscribed', NOW);
    }),
  erase: (db: Db, { subscriberId }: Step) =>
    db.transaction().execute((trx) => eraseSubscriber(trx, subscriberId)),
  move: (db: Db, { issueId, subscriberId }: Step) =>
    db
      .transaction()
      .execute((trx) =>
        replan(trx, issueId, { subscriberId, address: 'x@example.org', dueAt: NOW, dueDay: '2026-08-19' }),
      ),
  replace: (db: Db, { issueId, subscriberId }: Step) =>
    db.transaction().execute((trx) => supersede(trx, issueId, [subscriberId], NOW)),
  whole: (db: Db, { issueId }: Step) =>
    db.transaction().execute((trx) => supersedeOlder(trx, issueId, EVERY_DAY, NOW)),
  join: (db: Db, { issueId }: Step) =>
    db.transaction().execute(async (trx) => {
      const { count } = await trx
        .selectFrom('subscribers')
        .select((e) => e.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      const added = await addSubscriber(trx, makeSubscriber({ email: `joiner${count}@example.org` }), NOW);
      if (added === undefined) return;
      await plan(trx, issueId, [{ subscriberId: added.id, address: added.email, dueAt: NOW, dueDay: '' }]);
      await countJoiners(trx, issueId, 1);
    }),
} satisfies Record<string, (db: Db, step: Step) => Promise<unknown>>;

type Step = { issueId: number; subscriberId: number; owner: string; outcome: Outcome };

const steps = fc.array(
  fc.record({
    name: fc.oneof(
      { weight: 3, arbitrary: fc.constant('claim' as const) },
      { weight: 3, arbitrary: fc.constant('settle' as const) },
      { weight: 4, arbitrary: fc.constantFrom(...(Object.keys(STEPS) as (keyof typeof STEPS)[])) },
    ),
    issue: fc.nat({ max: 1 }),
    subscriber: fc.nat({ max: 3 }),
    owner: fc.constantFrom('me', 'you'),
    outcome: fc.constantFrom(...OUTCOMES),
  }),
  { maxLength: 60 },
);

test('whatever happens, in whatever order, the books balance and what was accepted stays accepted', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (story) => {
      const store = await newStore();
      try {
        await play(store.db, story);
      } finally {
        await store.close();
      }
    }),
  );
});

type Story = typeof steps extends fc.Arbitrary<infer Value> ? Value : never;

async function play(db: Db, story: Story): Promise<void> {
  const subscribers = await enrollSubscribers(db, 4);
  const older = await planIssue(db, subscribers, { date: '2026-08-18', frozenAt: FROZEN - DAY });
  const issueIds = [older, await planIssue(db, subscribers)];
  let accepted = new Set<string>();
  for (const { name, issue, subscriber, owner, outcome } of story) {
    const step: Step = {
      issueId: issueIds[issue] ?? 0,
      subscriberId: subscribers[subscriber] ?? 0,
      owner,
      outcome,
    };
    await STEPS[name](db, step);
    for (const issueId of issueIds) expect(imbalances(await booksOf(db, issueId)), name).toEqual([]);
    const now = await acceptedOf(db);
    expect(accepted.difference(now), name).toEqual(new Set());
    accepted = now;
  }
}

async function acceptedOf(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('deliveries').selectAll().where('state', '=', 'accepted').execute();
  return new Set(rows.map((row) => `${row.issue_id} ${row.subscriber_id}`));
}
