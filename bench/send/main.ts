import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from '../../src/cli/text-table.ts';

/**
 * How fast mails go, beside what most programs do and beside a C client, against Postfix's smtp-sink on loopback with
 * ten connections each. They take turns, and the medians are compared. `--growth 1000,1000000` are numbers of subscribers, of whom up
 * to `--most` are mailed; `--theme` is how the mails look.
 */
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    late: { type: 'string', default: '50' },
    growth: { type: 'string', default: '1000,10000,100000' },
    most: { type: 'string', default: '100000' },
    theme: { type: 'string', default: 'plain' },
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
const keyFile = join(folder, 'dkim.pem');
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
const DKIM = { DKIM_DOMAIN: 'papers.example.org', DKIM_SELECTOR: 'bench', DKIM_KEY_FILE: keyFile };

type Figures = {
  rate: number;
  cpuUsEach?: number;
  rssMb?: number;
  stallMs?: number;
  planMs?: number;
  mean?: number;
  least?: number;
  most?: number;
};

function environment(relay = url, connections = 10): NodeJS.ProcessEnv {
  return {
    ...process.env,
    SITE_URL: 'https://papers.example.org',
    MAIL_FROM: 'papers@papers.example.org',
    SMTP_URL: relay,
    SMTP_CONNECTIONS: String(connections),
    DATABASE_URL: database,
    THEME: values.theme,
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

async function program(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = environment(),
): Promise<Figures> {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child = spawn(process.execPath, [join(here, file), ...args], { env, stdio: [...stdio], cwd: folder });
  return JSON.parse(await output(child)) as Figures;
}

async function plan(count: number): Promise<Figures> {
  for (const end of ['', '-wal', '-shm']) rmSync(database + end, { force: true });
  await program('ours.ts', ['subscribers', String(count)]);
  const figures = await program('ours.ts', ['plan']);
  copyFileSync(database, `${database}.planned`);
  return figures;
}

function ours(args: readonly string[] = [], env: NodeJS.ProcessEnv = environment()): Promise<Figures> {
  for (const end of ['-wal', '-shm']) rmSync(database + end, { force: true });
  copyFileSync(`${database}.planned`, database);
  return program('ours.ts', ['send', ...args], env);
}

async function source(count: number, size: number): Promise<Figures> {
  const startedAt = performance.now();
  const args = ['-s', '10', '-m', String(count), '-l', String(size), `127.0.0.1:${port}`];
  await output(spawn('/usr/sbin/smtp-source', args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  return { rate: Math.round((count * 1000) / (performance.now() - startedAt)) };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

async function compare(messages: number, rounds: number): Promise<void> {
  await plan(messages);
  const { mean = 0, least, most } = await program('ours.ts', ['sizes']);
  const few = String(Math.ceil(messages / 4));
  const arms: [string, () => Promise<Figures>][] = [
    ['(a) a loop over nodemailer’s pool', () => program('baseline.ts', [url, few])],
    ['(b) offprint from its database', () => ours()],
    ['    the same, writing nothing down', () => ours(['no-ledger'])],
    ['(c) smtp-source, in C', () => source(messages, mean)],
    ['(a) with DKIM', () => program('baseline.ts', [url, few, keyFile])],
    ['(b) with DKIM', () => ours([], { ...environment(), ...DKIM })],
  ];
  const all = arms.map((): Figures[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, [, run]] of arms.entries()) all[index]?.push(await run());
  const rates = all.map((figures) => median(figures.map(({ rate }) => rate)));
  const [loop = 0, , , limit = 0, signedLoop = 0] = rates;
  const rows = arms.map(([is], index) => {
    const rate = rates[index] ?? 0;
    const last = all[index]?.at(-1);
    const ofLoop = (rate / (index > 3 ? signedLoop : loop)).toFixed(2);
    return [is, rate, ofLoop, (rate / limit).toFixed(2), last?.cpuUsEach ?? '', last?.rssMb ?? ''];
  });
  console.log(`${messages} mails of ${least} to ${most} bytes, medians of ${rounds} rounds`);
  console.log(table(['what', 'mails/s', '× (a)', '× (c)', 'CPU µs each', 'peak MB'], rows));
}

/** A mail takes two: the envelope goes at once (RFC 2920), then the message. */
const ROUND_TRIPS = 2;

/** A relay that answers late: then connections divided by round trips are the limit. */
async function late(ms: number): Promise<void> {
  const server = createServer({ noDelay: true }, (socket) => {
    const relay = createConnection({ port, host: '127.0.0.1', noDelay: true });
    socket.pipe(relay);
    relay.on('data', (chunk) => setTimeout(() => socket.write(chunk), ms));
    for (const one of [socket, relay])
      one.on('error', () => {}).on('close', () => [socket, relay].map((s) => s.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const relay = typeof address === 'object' && address ? `smtp://127.0.0.1:${address.port}` : '';
  const rows: (string | number)[][] = [];
  for (const connections of [10, 30, 100]) {
    await plan(connections * 100);
    const { rate } = await ours([], environment(relay, connections));
    const limit = (connections * 1000) / (ROUND_TRIPS * ms);
    rows.push([connections, limit, rate, (rate / limit).toFixed(2)]);
  }
  console.log(`\nAgainst a relay that answers ${ms} ms late:`);
  console.log(table(['connections', 'limit', 'mails/s', '× the limit'], rows));
  server.close();
}

async function growth(sizes: readonly number[]): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const size of sizes) {
    const planned = await plan(size);
    const bytes = statSync(database).size;
    const sent = size <= Number(values.most) ? await ours() : undefined;
    rows.push([
      size,
      ((planned.planMs ?? 0) / 1000).toFixed(1),
      planned.rssMb ?? '',
      (bytes / 1e6).toFixed(0),
      sent ? Math.round(size / sent.rate) : 'not sent',
      sent?.rssMb ?? '',
    ]);
  }
  console.log();
  console.log(table(['readers', 'planning s', 'peak MB', 'database MB', 'sending s', 'peak MB'], rows));
}

console.log(`load of the machine before: ${loadavg()[0]?.toFixed(1)}`);
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
