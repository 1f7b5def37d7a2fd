import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config/load.ts';
import { mailTag } from '../src/domain/verp.ts';
import { takeMails } from '../src/returns/take-mails.ts';
import { workApart } from '../src/runtime/limited/limited-work.ts';
import { limitHeapGrowth } from '../src/runtime/v8-heap.ts';
import { dsn } from '../test/returns/bounce.ts';
import { watchLoop } from './loop.ts';
import { seedSentIssue } from './returns-seed.ts';

/** How long 100,000 returned mails take from bytes to rows, how much memory, and how long the event loop stands still. */
/** Made in one go: more would themselves hold up the loop that is watched. */
const BATCH = 100;
const COUNT = Number(process.argv[2] ?? 100_000);
// As the program does.
limitHeapGrowth();
const folder = mkdtempSync(join(tmpdir(), 'offprint-bench-'));
const config = loadConfig({
  DATABASE_URL: join(folder, 'offprint.db'),
  SITE_URL: 'https://papers.example.org',
  BOUNCE_ADDRESS: 'bounces@papers.example.org',
});
const app = await createApp(config, {
  clock: Date.now,
  log: pino({ level: 'silent' }),
  limited: workApart(),
});
const issueId = await seedSentIssue(app.store.db, COUNT, app.clock());
const codes = ['5.1.1', '5.2.2', '5.7.1', '5.0.0'];

global.gc?.();
const endWatch = watchLoop();
const before = process.memoryUsage().rss;
let highest = before;
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
for (let start = 1; start <= COUNT; start += BATCH) {
  const mails = Array.from({ length: Math.min(BATCH, COUNT - start + 1) }, (_, index) => {
    const subscriberId = start + index;
    const status = codes[subscriberId % codes.length] ?? '5.0.0';
    const tag = mailTag(app.secrets[0], { table: 'deliveries', issueId, subscriberId });
    return {
      raw: Buffer.from(dsn(tag, { status, diagnostic: `smtp; 550 ${status} no`, id: `r${subscriberId}` })),
    };
  });
  await takeMails(app, app.returning, app.secrets, mails);
  highest = Math.max(highest, process.memoryUsage().rss);
}
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
const longest = endWatch();
const effects = await app.store.db
  .selectFrom('returns')
  .select((e) => ['effect', e.fn.countAll<number>().as('count')])
  .groupBy('effect')
  .execute();
console.log(
  `${COUNT} returns in ${seconds.toFixed(1)} s (${Math.round(COUNT / seconds)}/s), ${((user + system) / 1000 / COUNT).toFixed(2)} ms of processor time each`,
);
console.log(
  `memory at most ${Math.round(highest / 1e6)} MB (${Math.round(before / 1e6)} MB before), event loop stalled at most ${longest.toFixed(0)} ms`,
);
console.log(Object.fromEntries(effects.map(({ effect, count }) => [effect, Number(count)])));
await app.close();
rmSync(folder, { recursive: true, force: true });
