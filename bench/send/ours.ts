import { deliver } from '../../src/app/deliver.ts';
import { openApp } from '../../src/app/open.ts';
import { planAudiences } from '../../src/app/plan.ts';
import { workQueue } from '../../src/app/queue.ts';
import { run } from '../../src/deliver/run.ts';
import type { Outcome } from '../../src/domain/delivery.ts';
import { freezeIssue } from '../../src/store/issues.ts';
import type { Db } from '../../src/store/schema.ts';
import { countReaders } from '../../src/store/subscribers.ts';
import { madeUpIssue } from './issue.ts';

/**
 * The program itself, from its database: `plan N` makes N readers, freezes an issue and plans it, `send` sends what is
 * planned. Prints what that took as JSON.
 */
const [command, count = '0'] = process.argv.slice(2);
const app = await openApp();
const peak = () => Math.round(process.resourceUsage().maxRSS / 1024);
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return { total: user + system };
};
if (command === 'plan') {
  const seededAt = performance.now();
  await seed(app.store.db, Number(count));
  const startedAt = performance.now();
  const issue = madeUpIssue();
  await app.store.db
    .transaction()
    .execute(async (trx) => freezeIssue(trx, issue, await countReaders(trx, 'daily')));
  await planAudiences(app);
  report({ seedMs: startedAt - seededAt, planMs: performance.now() - startedAt, rssMb: peak() });
} else {
  const startedAt = performance.now();
  let firstAt = 0;
  let sent = 0;
  let slowest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    slowest = Math.max(slowest, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  const onOutcome = ({ kind }: Outcome) => {
    firstAt ||= performance.now();
    if (kind === 'accepted') sent += 1;
  };
  const stop = new AbortController().signal;
  const turn = () => ({ dueBy: Number.MAX_SAFE_INTEGER });
  const result =
    count === 'no-ledger' ? await withoutLedger(onOutcome) : await deliver(app, turn, stop, onOutcome);
  clearInterval(timer);
  const endedAt = performance.now();
  report({
    ...result.counts,
    totalMs: endedAt - startedAt,
    rate: Math.round((sent * 1000) / (endedAt - firstAt)),
    stallMs: slowest,
    cpuUsEach: Math.round(cpu().total / Math.max(1, sent)),
    rssMb: peak(),
  });
}
await app.close();

/** The same readers, mails and connections; what becomes of them is kept in memory. */
async function withoutLedger(onOutcome: (outcome: Outcome) => void) {
  const queue = workQueue(app, () => ({ dueBy: Number.MAX_SAFE_INTEGER }));
  let swept = false;
  const sweep = () => {
    if (swept) return async () => ({ works: [], isLast: true });
    swept = true;
    return queue.sweep();
  };
  const nothing = { sweep, claim: async () => true, settle: async () => {}, holds: () => true };
  const patience = { limit: 0, wait: async () => {}, onTrouble: () => {} };
  const tools = { clock: app.clock, ticks: app.ticks, patience, onOutcome };
  return run({ ...queue, ...nothing }, app.routes, tools, new AbortController().signal);
}

function report(values: Record<string, number>): void {
  console.log(JSON.stringify(values));
}

async function seed(db: Db, readers: number): Promise<void> {
  for (let start = 0; start < readers; start += 500) {
    const rows = Array.from({ length: Math.min(500, readers - start) }, (_, index) => {
      const email = `reader${start + index + 1}@d${(start + index) % 50}.example`;
      return {
        email,
        email_key: email,
        name: '',
        state: 'active' as const,
        timezone: ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo'][index % 4] ?? 'UTC',
        deliver_at: `${String(index % 24).padStart(2, '0')}:00`,
        days: 127,
        topics: '[]',
        consent: 'import',
        created_at: 1,
        state_at: 1,
      };
    });
    await db.insertInto('subscribers').values(rows).execute();
  }
}
