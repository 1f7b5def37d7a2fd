import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Place, pause } from './room.ts';

const USER = 'offprint-test';

/** A PostgreSQL of our own on loopback, as Debian installs it, that can be stopped and started. */
export async function startCluster(port: number) {
  const root = '/usr/lib/postgresql';
  const version =
    readdirSync(root)
      .toSorted((a, b) => Number(a) - Number(b))
      .at(-1) ?? '';
  const bin = (name: string) => join(root, version, 'bin', name);
  const home = mkdtempSync(join(tmpdir(), 'offprint-cluster-'));
  const data = join(home, 'data');
  const as = forUser(home);
  execFileSync(
    ...as(
      bin('initdb'),
      '--auth=trust',
      '--username=offprint',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '-D',
      data,
    ),
    {
      cwd: home,
      stdio: 'ignore',
    },
  );
  const url = (name: string) => `postgres://offprint@127.0.0.1:${port}/${name}`;
  let server: ChildProcess | undefined;
  const start = async () => {
    const options = [
      '-D',
      data,
      '-k',
      home,
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      '-c',
      'max_connections=200',
    ];
    server = spawn(...as(bin('postgres'), ...options), { cwd: home, stdio: 'ignore' });
    for (let tries = 0; tries < 100 && !(await answers(url('postgres'))); tries += 1) await pause(100);
  };
  /** SIGINT: connections are cut, what is committed stays. */
  const stop = async () => {
    const running = server;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGINT');
    await ended;
  };
  await start();
  let databases = 0;
  const newPlace = async (): Promise<Place> => {
    databases += 1;
    const name = `torture${databases}`;
    await run(url('postgres'), `create database ${name}`);
    return { url: () => url(name) };
  };
  return {
    start,
    stop,
    newPlace,
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export type Cluster = Awaited<ReturnType<typeof startCluster>>;

/** The server refuses to run as root: there the commands are given to a user who owns nothing else. */
function forUser(home: string): (file: string, ...args: string[]) => [string, string[]] {
  if (process.getuid?.() !== 0) return (file, ...args) => [file, args];
  try {
    execFileSync('id', [USER], { stdio: 'ignore' });
  } catch {
    execFileSync('useradd', ['--system', '--no-create-home', '--shell', '/bin/sh', USER]);
  }
  execFileSync('chown', [USER, home]);
  chmodSync(home, 0o700);
  return (file, ...args) => [
    'setpriv',
    [`--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', file, ...args],
  ];
}

async function answers(url: string): Promise<boolean> {
  return run(url, 'select 1').then(
    () => true,
    () => false,
  );
}

async function run(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
