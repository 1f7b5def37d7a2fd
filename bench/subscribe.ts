// How many sign-ups a second are taken on one core, and how long the event loop stalls meanwhile:
// npm run bench:subscribe -- [--rate 500] [--seconds 30]. The server has a core for itself, a database on disk and
// raised caps; every request has another address and names another visitor in X-Forwarded-For.
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import type { Report } from './subscribe-server.ts';

const { values } = parseArgs({
  options: { rate: { type: 'string', default: '500' }, seconds: { type: 'string', default: '30' } },
});
const rate = Number(values.rate);
const seconds = Number(values.seconds);

console.log(`${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`);
const server = fork(join(import.meta.dirname, 'subscribe-server.ts'));
const [{ port, stamp }] = (await once(server, 'message')) as [{ port: number; stamp: string }];
pin(server.pid ?? 0, '0');
pin(process.pid, '1');
await sleep(1500); // The stamp must be a second old.
await load(Math.min(rate, 100), 3);
server.send('measure');
const { latency, requests, statusCodeStats, non2xx, errors } = await load(rate, seconds);
server.send('report');
const [report] = (await once(server, 'message')) as [Report];

console.table({
  asked: rate,
  'answered a second': requests.average,
  statuses: JSON.stringify(statusCodeStats),
  'not 200, errors': `${non2xx}, ${errors}`,
  'latency p50, p99, max': `${latency.p50}, ${latency.p99}, ${latency.max} ms`,
  'event loop p99, longest stall': `${report.p99Ms.toFixed(1)}, ${report.stallMs.toFixed(1)} ms`,
  'longest stall in processor time': `${report.ownStallMs.toFixed(1)} ms`,
  'processor, of one core': `${(report.cpu * 100).toFixed(0)} %`,
  'settled, mailed, still queued': `${report.settled}, ${report.mailed}, ${report.queued}`,
});
process.exitCode = non2xx + errors > 0 || report.stallMs > 50 || requests.average < rate * 0.98 ? 1 : 0;

function load(perSecond: number, duration: number) {
  let count = 0;
  return autocannon({
    url: `http://127.0.0.1:${port}/subscribe`,
    method: 'POST',
    connections: 20,
    overallRate: perSecond,
    duration,
    requests: [
      {
        setupRequest: (request) => {
          count += 1;
          const visitor = [10, (count >> 16) & 255, (count >> 8) & 255, count & 255].join('.');
          return {
            ...request,
            headers: {
              ...request.headers,
              'content-type': 'application/x-www-form-urlencoded',
              'x-forwarded-for': visitor,
            },
            body: `email=reader-${perSecond}-${count}@example.org&stamp=${stamp}&subject=`,
          };
        },
      },
    ],
  });
}

/** All threads of a process on one core, where the system can do that. */
function pin(pid: number, core: string): void {
  try {
    execFileSync('taskset', ['-acp', core, String(pid)], { stdio: 'ignore' });
  } catch {
    console.log('taskset is not here: the server is not kept to one core');
  }
}
