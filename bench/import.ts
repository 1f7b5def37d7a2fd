// How fast a list comes in: npm run bench:import [lines]. Made-up subscribers, a new SQLite file, then the same file again.

import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config/load.ts';
import { importSubscribers } from '../src/subscribers/import.ts';

const COUNT = Number(process.argv[2] ?? 1_000_000);
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'UTC', 'Asia/Kolkata', ''];
const DAYS = ['', 'weekdays', 'mon wed fri', 'weekly'];
const TOPICS = ['', 'cs.CL;diffusion models', 'author:Ada Example', '-soup'];

const folder = mkdtempSync(join(tmpdir(), 'offprint-bench-'));
try {
  await main(join(folder, 'readers.csv'), join(folder, 'offprint.db'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(path: string, database: string): Promise<void> {
  console.log(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model}`);
  await writeList(path);
  const config = loadConfig({ DATABASE_URL: database });
  const app = await createApp(config, { clock: Date.now, log: pino({ level: 'silent' }) });
  for (const run of ['new', 'again']) {
    let stall = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      stall = Math.max(stall, performance.now() - last - 10);
      last = performance.now();
    }, 10);
    const startedAt = performance.now();
    const before = process.cpuUsage();
    const { added, updated, badLines } = await importSubscribers(app, path);
    const seconds = (performance.now() - startedAt) / 1000;
    clearInterval(beat);
    const { user, system } = process.cpuUsage(before);
    const rate = Math.round(COUNT / seconds);
    console.log(
      `${run}: ${COUNT} lines in ${seconds.toFixed(1)} s (${rate}/s; ${((user + system) / 1e6).toFixed(1)} s of a core), ${added} added, ${updated} updated, ${badLines.length} bad; longest stall ${stall.toFixed(0)} ms; memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
    );
  }
  await app.close();
}

async function writeList(path: string): Promise<void> {
  const file = createWriteStream(path);
  file.write('email,name,timezone,deliver_at,days,topics\n');
  for (let index = 0; index < COUNT; index++) {
    const zone = ZONES[index % ZONES.length];
    const rest = `${zone},${String(index % 24).padStart(2, '0')}:30,${DAYS[index % 4]},${TOPICS[index % 4]}`;
    const line =
      index % 1000 === 999
        ? 'not an address,,,,,\n'
        : `reader${index}@example.org,"Reader, ${index}",${rest}\n`;
    if (!file.write(line)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}
