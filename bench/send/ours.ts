import type { Db } from '../../src/db/schema.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import { workQueue } from '../../src/delivery/queue.ts';
import { run } from '../../src/delivery/run.ts';
import type { Outcome } from '../../src/domain/delivery.ts';
import { createReusableBuffer } from '../../src/domain/message.ts';
import { saveCandidates } from '../../src/ledger/candidates.ts';
import { freezeIssue } from '../../src/ledger/issues.ts';
import { openApp } from '../../src/runtime/open-app.ts';
import { addSubscribers } from '../../src/subscribers/import-table.ts';
import { planAudiences } from '../../src/subscribers/plan.ts';
import { countSubscribers } from '../../src/subscribers/subscribers-table.ts';
import { INTERESTS, madeUpCandidates, madeUpIssue } from './issue.ts';

/**
 * The program itself, from its database: `subscribers N` makes N subscribers with wishes of their own, `plan` freezes an issue and
 * plans it, `send` sends what is planned, `send no-ledger` writes nothing down, `sizes` says how big the mails are. Prints
 * what that took as JSON.
 */
const [command = '', argument = ''] = process.argv.slice(2);
const app = await openApp();
const turn = () => ({ dueBy: Number.MAX_SAFE_INTEGER });
const commands: Record<string, () => Promise<Record<string, number>>> = {
  subscribers: () => seed(app.store.db, Number(argument)),
  plan: planned,
  send: () => timed(argument === 'no-ledger'),
  sizes,
};
console.log(JSON.stringify(await commands[command]?.()));
await app.close();

async function planned() {
  const startedAt = performance.now();
  const candidates = madeUpCandidates();
  await app.store.db.transaction().execute(async (trx) => {
    const id = await freezeIssue(trx, madeUpIssue(candidates), await countSubscribers(trx, 'daily'));
    await saveCandidates(trx, id ?? 0, candidates);
  });
  await planAudiences(app);
  return { planMs: performance.now() - startedAt, rssMb: peakMb() };
}

/** From the first outcome to the last, so that what is done once for an issue does not count. */
async function timed(withoutLedger: boolean) {
  let firstAt = 0;
  let sent = 0;
  let cpu = process.cpuUsage();
  const onOutcome = ({ kind }: Outcome) => {
    if (firstAt === 0) cpu = process.cpuUsage();
    firstAt ||= performance.now();
    if (kind === 'accepted') sent += 1;
  };
  const stop = new AbortController().signal;
  const { slowest, end } = watchLoop();
  const { counts } = withoutLedger
    ? await sendWithoutLedger(onOutcome)
    : await deliver(app, app.composing, app.sending, turn, stop, { onOutcome });
  end();
  const { user, system } = process.cpuUsage(cpu);
  return {
    ...counts,
    rate: Math.round((sent * 1000) / (performance.now() - firstAt)),
    cpuUsEach: Math.round((user + system) / Math.max(1, sent)),
    stallMs: Math.round(slowest()),
    rssMb: peakMb(),
  };
}

/** The same subscribers, mails and connections; what becomes of them is kept in memory. */
async function sendWithoutLedger(onOutcome: (outcome: Outcome) => void) {
  const queue = workQueue(app, app.composing, app.sending, turn);
  let swept = false;
  const sweep = () => {
    if (swept) return async () => ({ works: [], isLast: true });
    swept = true;
    return queue.sweep();
  };
  const nothing = { sweep, claim: async () => true, settle: async () => {}, holds: () => true };
  const patience = { limit: 0, wait: async () => {}, onTrouble: () => {} };
  const { clock, ticks } = app;
  const { pause } = app.sending;
  const tools = { clock, ticks, pause, patience, onOutcome };
  return run({ ...queue, ...nothing }, app.sending.routes, tools, new AbortController().signal);
}

/** Of the mails of the first subscribers. */
async function sizes() {
  const queue = workQueue(app, app.composing, app.sending, turn);
  const { works } = await queue.sweep()(500, () => true);
  const all = await Promise.all(
    works.map(async (work) => (await queue.compose(work, createReusableBuffer())).raw.length),
  );
  const mean = Math.round(all.reduce((sum, size) => sum + size, 0) / all.length);
  return { mean, least: Math.min(...all), most: Math.max(...all) };
}

function watchLoop() {
  let slowest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    slowest = Math.max(slowest, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  return { slowest: () => slowest, end: () => clearInterval(timer) };
}

function peakMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

async function seed(db: Db, subscribers: number): Promise<Record<string, number>> {
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo'];
  for (let start = 0; start < subscribers; start += 2000) {
    const slice = Array.from({ length: Math.min(2000, subscribers - start) }, (_, at) => {
      const index = start + at;
      return {
        email: `reader${index + 1}@d${index % 50}.example`,
        name: '',
        state: 'active' as const,
        timezone: zones[index % 4] ?? 'UTC',
        deliverAt: `${String(index % 24).padStart(2, '0')}:00`,
        days: 127,
        topics: INTERESTS[(index * 13) % INTERESTS.length] ?? [],
        consent: 'import',
      };
    });
    await db.transaction().execute((trx) => addSubscribers(trx, slice, 1));
  }
  return { subscribers };
}
