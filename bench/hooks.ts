import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config/load.ts';
import { mailTag } from '../src/domain/verp.ts';
import { hookRoutes } from '../src/returns/hook-routes.ts';
import { limitHeapGrowth } from '../src/runtime/v8-heap.ts';
import { watchLoop } from './loop.ts';
import { seedSentIssue } from './returns-seed.ts';

/** How many events of a provider's webhook are taken in a second, and how long the event loop stands still. */
const COUNT = Number(process.argv[2] ?? 20_000);
/** Events of one request. */
const BATCH = 500;
limitHeapGrowth();
const folder = mkdtempSync(join(tmpdir(), 'offprint-bench-'));
const config = loadConfig({
  DATABASE_URL: join(folder, 'offprint.db'),
  SITE_URL: 'https://papers.example.org',
  HOOKS: 'sparkpost:user:password',
});
const app = await createApp(config, { clock: Date.now, log: pino({ level: 'silent' }) });
const issueId = await seedSentIssue(app.store.db, COUNT, app.clock());
const routes = hookRoutes(app, {
  returning: app.returning,
  secrets: app.secrets,
  http: app.publishing.http,
  networkOf: () => 'bench',
});
const headers = { authorization: `Basic ${Buffer.from('user:password').toString('base64')}` };
const classes = ['10', '22', '50', '1'];

const requests = Array.from({ length: Math.ceil(COUNT / BATCH) }, (_, request) =>
  JSON.stringify(
    Array.from({ length: Math.min(BATCH, COUNT - request * BATCH) }, (_, index) => {
      const subscriberId = request * BATCH + index + 1;
      const tag = mailTag(app.secrets[0], { table: 'deliveries', issueId, subscriberId });
      const event = { type: 'bounce', bounce_class: classes[subscriberId % 4], event_id: `${subscriberId}` };
      return { msys: { message_event: { ...event, rcpt_meta: { offprint: tag } } } };
    }),
  ),
);
const endWatch = watchLoop();
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
for (const body of requests) {
  const { status } = await routes.request('/sparkpost', { method: 'POST', body, headers });
  if (status !== 200) throw new Error(`answered ${status}`);
}
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
const longest = endWatch();
const cpu = (user + system) / 1e6;
console.log(
  `${COUNT} events in ${seconds.toFixed(1)} s (${Math.round(COUNT / seconds)}/s; ${Math.round(COUNT / cpu)} in a second of processor time), event loop stalled at most ${longest.toFixed(0)} ms`,
);
await app.close();
rmSync(folder, { recursive: true, force: true });
