import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from '../../src/cli/table.ts';

/**
 * How fast mails go, beside what most programs do and beside a C client, against Postfix's smtp-sink on loopback with
 * ten connections each. The three take turns, and the medians are compared.
 */
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    late: { type: 'string', default: '50' },
    growth: { type: 'string', default: '' },
  },
});
const here = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'offprint-bench-'));
const port = 20_000 + Math.floor(Math.random() * 20_000);
const sink = spawn('/usr/sbin/smtp-sink', ['-u', process.env.USER ?? 'root', `127.0.0.1:${port}`, '1000'], {
  stdio: 'inherit',
});
const url = `smtp://127.0.0.1:${port}`;
const database = join(folder, 'offprint.db');
const SIZE = 38_000;

type Figures = { rate: number; cpuUsEach?: number; rssMb?: number; stallMs?: number; planMs?: number };

function environment(relay = url, connections = 10) {
  return {
    ...process.env,
    SITE_URL: 'https://papers.example.org',
    MAIL_FROM: 'papers@papers.example.org',
    SMTP_URL: relay,
    SMTP_CONNECTIONS: String(connections),
    DATABASE_URL: database,
    LATE_LIMIT: '9999d',
    LOG_LEVEL: 'warn',
  };
}

async function output(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  const code = await new Promise((resolve) => child.on('exit', resolve));
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${code}`);
  return text;
}

async function program(file: string, args: readonly string[], env = environment()): Promise<Figures> {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child = spawn(process.execPath, [join(here, file), ...args], { env, stdio: [...stdio], cwd: folder });
  return JSON.parse(await output(child)) as Figures;
}

async function plan(count: number): Promise<Figures> {
  for (const end of ['', '-wal', '-shm']) rmSync(database + end, { force: true });
  const figures = await program('ours.ts', ['plan', String(count)]);
  copyFileSync(database, `${database}.planned`);
  return figures;
}

function ours(args: readonly string[] = [], env = environment()): Promise<Figures> {
  for (const end of ['-wal', '-shm']) rmSync(database + end, { force: true });
  copyFileSync(`${database}.planned`, database);
  return program('ours.ts', ['send', ...args], env);
}

async function source(count: number): Promise<Figures> {
  const startedAt = performance.now();
  const args = ['-s', '10', '-m', String(count), '-l', String(SIZE), `127.0.0.1:${port}`];
  await output(spawn('/usr/sbin/smtp-source', args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  return { rate: Math.round((count * 1000) / (performance.now() - startedAt)) };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

async function compare(messages: number, rounds: number): Promise<void> {
  await plan(messages);
  const all: Record<string, Figures[]> = {
    loop: [],
    ours: [],
    'ours without the ledger': [],
    'smtp-source': [],
  };
  for (let round = 0; round < rounds; round += 1) {
    all.loop?.push(await program('baseline.ts', [url, String(Math.ceil(messages / 4))]));
    all.ours?.push(await ours());
    all['ours without the ledger']?.push(await ours(['no-ledger']));
    all['smtp-source']?.push(await source(messages));
  }
  const rate = (name: string) => median((all[name] ?? []).map((figures) => figures.rate));
  const last = (name: string) => all[name]?.at(-1);
  const row = (name: string, is: string) => [
    is,
    rate(name),
    (rate(name) / rate('loop')).toFixed(2),
    (rate(name) / rate('smtp-source')).toFixed(2),
    last(name)?.cpuUsEach ?? '',
    last(name)?.rssMb ?? '',
  ];
  console.log(
    table(
      ['what', 'mails/s', '× (a)', '× (c)', 'CPU µs each', 'peak MB'],
      [
        row('loop', '(a) a loop over nodemailer’s pool'),
        row('ours', '(b) offprint from its database'),
        row('ours without the ledger', '    the same, writing nothing down'),
        row('smtp-source', '(c) smtp-source, in C'),
      ],
    ),
  );
}

/** A relay that answers late: then connections divided by round trips are what counts. */
async function late(ms: number): Promise<void> {
  const server = createServer((socket) => {
    const relay = createConnection(port, '127.0.0.1');
    socket.pipe(relay);
    relay.on('data', (chunk) => setTimeout(() => socket.write(chunk), ms));
    for (const one of [socket, relay])
      one.on('error', () => {}).on('close', () => [socket, relay].map((s) => s.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const relay = typeof address === 'object' && address ? `smtp://127.0.0.1:${address.port}` : '';
  await plan(1500);
  const rows: (string | number)[][] = [];
  for (const connections of [10, 30, 60]) {
    const { rate } = await ours([], environment(relay, connections));
    rows.push([connections, rate, ((rate * ms) / 1000 / connections).toFixed(2)]);
  }
  console.log(`\nAgainst a relay that answers ${ms} ms late:`);
  console.log(table(['connections', 'mails/s', 'mails per round trip and connection'], rows));
  server.close();
}

async function growth(sizes: readonly number[]): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const size of sizes) {
    const planned = await plan(size);
    const bytes = statSync(database).size;
    const sent = await ours();
    rows.push([
      size,
      ((planned.planMs ?? 0) / 1000).toFixed(1),
      planned.rssMb ?? '',
      (bytes / 1e6).toFixed(0),
      Math.round(size / sent.rate),
      sent.rssMb ?? '',
    ]);
  }
  console.log();
  console.log(table(['readers', 'planning s', 'peak MB', 'database MB', 'sending s', 'peak MB'], rows));
}

try {
  await new Promise((resolve) => setTimeout(resolve, 300));
  if (Number(values.rounds) > 0) await compare(Number(values.messages), Number(values.rounds));
  if (Number(values.late) > 0) await late(Number(values.late));
  const sizes = values.growth.split(',').filter(Boolean).map(Number);
  if (sizes.length > 0) await growth(sizes);
} finally {
  sink.kill();
  rmSync(folder, { recursive: true, force: true });
}
