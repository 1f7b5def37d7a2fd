// How fast papers are found, and how long anybody else waits meanwhile: npm run bench:search [papers]. A made-up
// library in a SQLite file, or in the empty database that TEST_POSTGRES_URL names (.ci/postgres starts one).
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { pino } from 'pino';
import { type App, createApp } from '../src/app.ts';
import { loadConfig } from '../src/config/load.ts';
import { parsePaperQuery } from '../src/domain/paper-query.ts';
import { searchPapers, similarPapers } from '../src/papers/search.ts';
import { createWeb } from '../src/web/web.ts';
import { createWebTools, loadWebTemplates } from '../src/web/web-tools.ts';
import { fillLibrary, wordOf } from './library.ts';
import { watchLoop } from './loop.ts';

const COUNT = Number(process.argv[2] ?? 100_000);
const RUNS = 40;
/** Each takes a tenth of a second or more. */
const HOSTILE_RUNS = 5;

const QUERIES = {
  'a rare word': (n: number) => wordOf(9000 + n),
  'a common word': (n: number) => wordOf(40 + n),
  'the most common word': () => wordOf(0),
  'three common words': (n: number) => `${wordOf(n)} ${wordOf(n + 3)} ${wordOf(n + 9)}`,
  'a phrase': (n: number) => `"${wordOf(n)} ${wordOf(n + 1)}"`,
  'an author': (n: number) => `author:${wordOf(100 + n)}`,
  'a category': () => 'cs.LG',
  'a category and a word': (n: number) => `cs.LG ${wordOf(200 + n)}`,
  'a common word in a month': (n: number) =>
    `${wordOf(10)} from:2023-${String(1 + (n % 12)).padStart(2, '0')} to:2023-${String(1 + (n % 12)).padStart(2, '0')}`,
  'a common word without another': (n: number) => `${wordOf(5)} -${wordOf(n + 7)}`,
  'the newest': () => '',
};

const words = (count: number, first = 0) => Array.from({ length: count }, (_, n) => wordOf(first + n));

/** What would take longest if nothing were bounded. */
const HOSTILE = {
  'one word sixty times': Array(60).fill(wordOf(0)).join('-'),
  'the same phrase sixteen times': Array(16)
    .fill(`"${wordOf(0)} ${wordOf(1)}"`)
    .join(' '),
  'everything without a phrase': `-"${words(8).join(' ')}"`,
  'a phrase of one word': `"${Array(8).fill(wordOf(0)).join(' ')}"`,
  'two phrases of eight common words': `"${words(8).join(' ')}" "${words(8, 1).join(' ')}"`,
  'eight phrases of two common words': words(8)
    .map((word, n) => `"${word} ${wordOf(n + 1)}"`)
    .join(' '),
  'sixteen common words': words(16).join(' '),
  'a common word without fifteen': `${wordOf(0)} ${words(15, 1)
    .map((word) => `-${word}`)
    .join(' ')}`,
  'everything without sixteen': words(16)
    .map((word) => `-${word}`)
    .join(' '),
};

const folder = mkdtempSync(join(tmpdir(), 'offprint-bench-'));
try {
  await main(process.env.TEST_POSTGRES_URL ?? join(folder, 'offprint.db'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(DATABASE_URL: string): Promise<void> {
  console.log(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model}`);
  const config = loadConfig({ DATABASE_URL, SITE_URL: 'http://localhost:3000' });
  const app = await createApp(config, { clock: Date.now, log: pino({ level: 'silent' }) });
  const startedAt = performance.now();
  await fillLibrary(app.store.db, COUNT);
  console.log(`${COUNT} papers kept in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  await ordinary(app);
  const templates = loadWebTemplates(app.config, app.languages());
  const tools = createWebTools(app, templates, { ...app, wake: () => {} });
  const web = createWeb(app, tools);
  await hostile(web);
  await together(web);
  await app.close();
}

async function ordinary({ store }: App): Promise<void> {
  // The thread of the searches begins with the first one.
  await similarPapers(store.searches, 'arxiv:1', 6);
  for (const [name, line] of Object.entries(QUERIES)) {
    for (const order of ['best', 'new'] as const) {
      let total = 0;
      const { times, held } = await measure(RUNS, async (run) => {
        const query = parsePaperQuery(line(run));
        ({ total } = await searchPapers(store.searches, query, { order, limit: 20, offset: 0 }));
      });
      tell(`${name}, ${order === 'best' ? 'best' : 'newest'} first`, times, held, `${total} found`);
    }
  }
  const similar = await measure(RUNS, (run) => similarPapers(store.searches, `arxiv:${run * 2001}`, 6));
  tell('papers like one', similar.times, similar.held, '');
}

/** Whole pages, one after the other. */
async function hostile(web: Hono): Promise<void> {
  for (const [name, line] of Object.entries(HOSTILE)) {
    for (const path of ['/papers', '/feed.xml']) {
      let status = 0;
      const { times, held } = await measure(HOSTILE_RUNS, async () => {
        ({ status } = await web.request(`${path}?${new URLSearchParams({ q: line })}`));
      });
      tell(`${path}: ${name}`, times, held, String(status));
    }
  }
}

/** What `/healthz` feels of forty visitors who search for the worst at once. */
async function together(web: Hono): Promise<void> {
  const statuses = new Map<number, number>();
  const lines = Object.values(HOSTILE);
  let left = 40;
  const searches = Array.from({ length: left }, async (_, n) => {
    const query = new URLSearchParams({ q: lines[n % lines.length] ?? '' });
    const { status } = await web.request(`/papers?${query}`);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    left -= 1;
  });
  const times: number[] = [];
  const stop = watchLoop();
  while (left > 0) {
    const askedAt = performance.now();
    await web.request('/healthz');
    times.push(performance.now() - askedAt);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(searches);
  const answers = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
  tell(
    '/healthz while forty search for the worst',
    times.toSorted((a, b) => a - b),
    stop(),
    answers,
  );
}

async function measure(runs: number, work: (run: number) => Promise<unknown>) {
  const times: number[] = [];
  const stop = watchLoop();
  for (let run = 0; run < runs; run++) {
    const startedAt = performance.now();
    await work(run);
    times.push(performance.now() - startedAt);
  }
  return { times: times.sort((a, b) => a - b), held: stop() };
}

function tell(name: string, times: readonly number[], held: number, note: string): void {
  const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1).padStart(7);
  const loop = held.toFixed(1).padStart(6);
  console.log(
    `${name.padEnd(46)} median ${at(0.5)} ms  p95 ${at(0.95)} ms  most ${at(1)} ms  loop held ${loop} ms  ${note}`,
  );
}
