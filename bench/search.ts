// How fast papers are found: npm run bench:search [papers]. A made-up library in a SQLite file.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePaperQuery } from '../src/domain/paper-query.ts';
import { openStore } from '../src/store/open.ts';
import { searchPapers, similarPapers } from '../src/store/search.ts';
import { fillLibrary, wordOf } from './library.ts';

const COUNT = Number(process.argv[2] ?? 100_000);
const RUNS = 40;

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

const folder = mkdtempSync(join(tmpdir(), 'offprint-bench-'));
try {
  await main(join(folder, 'offprint.db'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(path: string): Promise<void> {
  console.log(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model}`);
  const store = await openStore(path, 0);
  const startedAt = performance.now();
  await fillLibrary(store.db, COUNT);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `${COUNT} papers kept in ${seconds.toFixed(0)} s, ${(statSync(path).size / 1e6).toFixed(0)} MB`,
  );
  for (const [name, line] of Object.entries(QUERIES)) {
    for (const order of ['best', 'new'] as const) {
      let total = 0;
      const times = await timesOf(async (run) => {
        const query = parsePaperQuery(line(run));
        ({ total } = await searchPapers(store.reader, query, { order, limit: 20, offset: 0 }));
      });
      tell(`${name}, ${order === 'best' ? 'best' : 'newest'} first`, times, `${total} found`);
    }
  }
  const similar = await timesOf((run) => similarPapers(store.reader, `arxiv:${run * 2001}`, 6));
  tell('papers like one', similar, '');
  await store.close();
}

async function timesOf(work: (run: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const startedAt = performance.now();
    await work(run);
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b);
}

function tell(name: string, times: readonly number[], note: string): void {
  const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1).padStart(7);
  console.log(`${name.padEnd(46)} median ${at(0.5)} ms  p95 ${at(0.95)} ms  most ${at(1)} ms  ${note}`);
}
