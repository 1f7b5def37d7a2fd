// The program under the load of subscribe.ts: pages, store and mailer, without the clock and the feeds. Mails are
// written to an outbox. Told "measure" it begins to watch itself, told "report" it says what it saw, and ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pino } from 'pino';
import { type App, createApp } from '../src/app.ts';
import { loadConfig } from '../src/config/load.ts';
import { deliver } from '../src/delivery/deliver.ts';
import { listen } from '../src/runtime/serve.ts';
import { freshStamp } from '../src/web/stamps.ts';
import { createWeb } from '../src/web/web.ts';
import { createWebTools, loadWebTemplates } from '../src/web/web-tools.ts';

export type Report = {
  /** The longest time for which the event loop did nothing else, and the 99th percentile. */
  readonly stallMs: number;
  readonly p99Ms: number;
  /** The most processor time between two turns of a 1 ms timer: a stall of our own making, on a busy machine too. */
  readonly ownStallMs: number;
  /** Of one core. */
  readonly cpu: number;
  readonly queued: number;
  readonly settled: number;
  readonly mailed: number;
};

const ANY = '9999999/h';
const folder = mkdtempSync(join(tmpdir(), 'offprint-bench-'));
const app = await createApp(
  loadConfig({
    SITE_URL: 'http://127.0.0.1',
    DATABASE_URL: join(folder, 'offprint.db'),
    SIGNUP_PER_ADDRESS: ANY,
    SIGNUP_PER_PREFIX: ANY,
    SIGNUP_PER_DOMAIN: ANY,
    SIGNUP_TOTAL: ANY,
    SIGNUP_CALM: ANY,
  }),
  { clock: Date.now, log: pino({ level: 'error' }) },
);
await app.composing.templates();
const stop = new AbortController();
const mailer = mailerOf(app, stop.signal);
const templates = loadWebTemplates(app.config, app.languages());
const tools = createWebTools(app, templates, { ...app, wake: mailer.wake });
const server = await listen(createWeb(app, tools), '127.0.0.1', 0);
const delay = monitorEventLoopDelay({ resolution: 1 });
let cpu = process.cpuUsage();
let since = performance.now();
let turnAt = process.threadCpuUsage();
let ownStall = 0;

setInterval(() => {
  const { user, system } = process.threadCpuUsage(turnAt);
  ownStall = Math.max(ownStall, user + system);
  turnAt = process.threadCpuUsage();
}, 1).unref();

process.on('message', async (message) => {
  if (message === 'measure') {
    delay.enable();
    cpu = process.cpuUsage();
    since = performance.now();
    ownStall = 0;
    return;
  }
  delay.disable();
  const seen = await report();
  process.send?.(seen);
  stop.abort();
  await Promise.all([server.close(), mailer.ended()]);
  await app.close();
  rmSync(folder, { recursive: true, force: true });
  process.disconnect?.();
});
process.send?.({ port: server.port, stamp: freshStamp(app, app.secrets) });

async function report(): Promise<Report> {
  const used = process.cpuUsage(cpu);
  const spent = (used.user + used.system) / 1000 / (performance.now() - since);
  const count = async (table: 'signups' | 'subscribers' | 'notices') => {
    const query = app.store.readOnly.selectFrom(table).select((e) => e.fn.countAll<number>().as('count'));
    const counted = table === 'notices' ? query.where('state', '=', 'accepted') : query;
    return Number((await counted.executeTakeFirstOrThrow()).count);
  };
  return {
    stallMs: delay.max / 1e6,
    p99Ms: delay.percentile(99) / 1e6,
    ownStallMs: ownStall / 1000,
    cpu: spent,
    queued: await count('signups'),
    settled: await count('subscribers'),
    mailed: await count('notices'),
  };
}

/** One pass at a time, and another when something came meanwhile. */
function mailerOf(app: App, signal: AbortSignal) {
  let woken = Promise.withResolvers<void>();
  const loop = async () => {
    while (!signal.aborted) {
      await woken.promise;
      woken = Promise.withResolvers();
      if (!signal.aborted)
        await deliver(app, app.composing, app.sending, () => ({ dueBy: app.clock() }), signal);
    }
  };
  const ended = loop();
  return {
    wake: () => woken.resolve(),
    ended: () => {
      woken.resolve();
      return ended;
    },
  };
}
