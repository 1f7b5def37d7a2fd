// How soon the pages come: npm run bench:pages [issues]. The server is a process of its own, its database a SQLite
// file; each page is asked for 200 times over one connection, after ten times that do not count. "Held" is the longest
// time in which the server's event loop came to nothing else, the first times included.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';

const issues = process.argv[2] ?? '1000';
const PATHS = [
  '/',
  '/issues',
  '/issues/2026-08-18',
  '/issues/2026-W33',
  '/papers?q=sparse+tokens',
  '/papers/arxiv:2601.00001',
  '/issues?before=9999-12-31',
  '/issues?before=0001-01-01',
  '/issues/2026-W99',
  '/feed.xml',
  '/feed.json',
  '/subscribe',
  '/confirm/0.0.aaaaaaaaaaaaaaaaaaaaaaaaaaa',
  '/unsubscribe/0.aaaaaaaaaaaaaaaaaaaaaaaaaaa',
  '/preferences/0.aaaaaaaaaaaaaaaaaaaaaaaaaaa',
  '/manage/0.0.aaaaaaaaaaaaaaaaaaaaaaaaaaa',
  '/address/0.0.aaaaaaaaaaaaaaaaaaaaaaaaaaa',
  '/erase/0.0.aaaaaaaaaaaaaaaaaaaaaaaaaaa',
  '/api/v1',
  '/api/v1/openapi.json',
  '/healthz',
  '/thumbnails/0000000000000000000000000000000000000000000000000000000000000000.jpg',
  '/assets/style.css',
];
const RUNS = 200;

console.log(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model}; ${issues} issues`);
const server = fork(join(import.meta.dirname, 'pages-server.ts'), [issues, '0']);
const [port] = (await once(server, 'message')) as [number];
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
for (const path of PATHS) {
  const times: number[] = [];
  let bytes = 0;
  await watched();
  for (let run = -10; run < RUNS; run++) {
    const asked = await ask(`http://127.0.0.1:${port}${path}`);
    bytes = asked.bytes;
    if (run >= 0) times.push(asked.firstByte);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(share * (RUNS - 1))] ?? 0).toFixed(1).padStart(6);
  const size = (bytes / 1000).toFixed(1).padStart(6);
  const held = (await watched()).toFixed(1).padStart(6);
  const name = path.slice(0, 28).padEnd(28);
  console.log(`${name} first byte: median ${at(0.5)} ms, p95 ${at(0.95)} ms; held ${held} ms; ${size} kB`);
}
agent.destroy();
server.disconnect();

/** How long the server was held since this was last asked. */
async function watched(): Promise<number> {
  const answer = once(server, 'message');
  server.send('watch');
  const [held] = (await answer) as [number];
  return held;
}

async function ask(url: string): Promise<{ firstByte: number; bytes: number }> {
  const startedAt = performance.now();
  const [response] = await once(get(url, { agent }), 'response');
  const firstByte = performance.now() - startedAt;
  let bytes = 0;
  for await (const chunk of response) bytes += chunk.length;
  return { firstByte, bytes };
}
