import { parseArgs } from 'node:util';
import { table } from '../src/cli/text-table.ts';
import { analyzeDeliveries } from '../src/db/dialect.ts';
import { openStore, type Store } from '../src/db/open.ts';
import { writeGroup } from '../src/ledger/claims-bulk.ts';
import { freezeIssue, markPlanned } from '../src/ledger/issues.ts';
import { plan } from '../src/ledger/plan-rows.ts';
import { COMMON } from '../src/ledger/profiles.ts';
import { setState } from '../src/subscribers/subscribers-table.ts';
import { FROZEN, makeIssue } from '../test/support/makers.ts';

/** What the ledger on one Postgres bears: TEST_POSTGRES_URL names an empty database (.ci/postgres starts one). */
const { values } = parseArgs({ options: { readers: { type: 'string', default: '100000' } } });
const url = process.env.TEST_POSTGRES_URL;
if (!url) throw new Error('run it as .ci/postgres node bench/postgres.ts');
const SUBSCRIBERS = Number(values.readers);
const GROUP = 10;

const results: (string | number)[][] = [];

async function measure(what: string, count: number, work: () => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  results.push([what, count, seconds.toFixed(1), Math.round(count / seconds)]);
}

async function seed({ db }: Store): Promise<void> {
  for (let start = 1; start <= SUBSCRIBERS; start += 2000) {
    const ids = Array.from({ length: Math.min(2000, SUBSCRIBERS - start + 1) }, (_, index) => start + index);
    const rows = ids.map((id) => ({
      email: `reader${id}@example.org`,
      email_key: `reader${id}@example.org`,
      name: '',
      state: 'active' as const,
      timezone: 'UTC',
      deliver_at: '07:00',
      days: 127,
      topics: '[]',
      consent: 'import',
      created_at: 1,
      state_at: 1,
    }));
    await db.insertInto('subscribers').values(rows).execute();
  }
}

async function planAll({ db }: Store): Promise<number> {
  const id = await db
    .transaction()
    .execute((trx) => freezeIssue(trx, makeIssue({}, ['arxiv:2508.00001']), SUBSCRIBERS));
  if (id === undefined) throw new Error('the database is not empty');
  for (let start = 1; start <= SUBSCRIBERS; start += 2000) {
    const planned = Array.from({ length: Math.min(2000, SUBSCRIBERS - start + 1) }, (_, index) => ({
      subscriberId: start + index,
      address: `reader${start + index}@example.org`,
      dueAt: FROZEN,
      dueDay: '2026-08-19' as const,
    }));
    await db.transaction().execute((trx) => plan(trx, id, planned));
  }
  await markPlanned(db, id, FROZEN);
  await analyzeDeliveries(db);
  return id;
}

/** Each store as a worker on a part of its own: what its connections have to write is one group, as `delivery/ledger-writer.ts` makes it. */
async function sendAll(
  stores: readonly Store[],
  issueId: number,
  from: number,
  count: number,
): Promise<void> {
  const share = Math.floor(count / stores.length);
  const worker = async ({ db }: Store, first: number) => {
    let accepted: { issueId: number; subscriberId: number; reply: string }[] = [];
    for (let start = first; start < first + share + GROUP; start += GROUP) {
      const claims = Array.from({ length: start < first + share ? GROUP : 0 }, (_, index) => ({
        issueId,
        subscriberId: start + index,
        address: `reader${start + index}@example.org`,
        dueAt: FROZEN,
        profileId: COMMON,
        picks: '',
        keep: '',
      }));
      const written = await writeGroup(db, {
        claims,
        accepted,
        owner: 'bench',
        now: FROZEN,
        leaseUntil: FROZEN,
      });
      if (![...written.claims, ...written.accepted].every(Boolean)) throw new Error('a row was not there');
      accepted = claims.map(({ subscriberId }) => ({ issueId, subscriberId, reply: '250 ok' }));
    }
  };
  await Promise.all(stores.map((store, index) => worker(store, from + index * share)));
}

async function changeSubscribers(stores: readonly Store[], count: number): Promise<void> {
  const share = Math.floor(count / stores.length);
  const site = async ({ db }: Store, first: number) => {
    for (let id = first; id < first + share; id += 1)
      await db.transaction().execute((trx) => setState(trx, id, 'active', FROZEN));
  };
  await Promise.all(stores.map((store, index) => site(store, 1 + index * share)));
}

const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(url, FROZEN)));
const [first] = stores;
if (!first) throw new Error('no store');
await measure('subscribers inserted', SUBSCRIBERS, () => seed(first));
let issueId = 0;
await measure('deliveries planned', SUBSCRIBERS, async () => {
  issueId = await planAll(first);
});
const part = Math.floor(SUBSCRIBERS / 4);
await measure('claimed and accepted, 1 process', part, () => sendAll([first], issueId, 1, part));
await measure('claimed and accepted, 4 at once', part, () => sendAll(stores, issueId, 1 + part, part));
await measure('changes of readers, 1 process', 2000, () => changeSubscribers([first], 2000));
await measure('changes of readers, 4 at once', 2000, () => changeSubscribers(stores, 2000));
const { rows } = await (await import('kysely')).sql<{ bytes: number }>`
  select pg_total_relation_size('deliveries') as bytes`.execute(first.db);
results.push([
  'bytes of the ledger, each delivery',
  SUBSCRIBERS,
  '',
  Math.round((rows[0]?.bytes ?? 0) / SUBSCRIBERS),
]);
for (const store of stores) await store.close();
console.log(table(['what', 'count', 'seconds', 'a second'], results));
