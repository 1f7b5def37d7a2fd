import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore } from '../../src/db/open.ts';
import type { Db } from '../../src/db/schema.ts';
import type { Books } from '../../src/domain/delivery.ts';
import { imbalances } from '../../src/domain/delivery.ts';
import { booksOf } from '../../src/ledger/books.ts';
import { listedDay, startFeeds } from '../support/feeds.ts';
import { makeSubscriber } from '../support/makers.ts';
import { type Script, startCountingRelay } from './relay.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
export const DATE = '2026-08-19';

/** Where the processes under torture keep their ledger: a file here, a database of a server elsewhere. */
export type Place = {
  readonly url: (folder: string) => string;
  /** Empties it, where it outlives the folder. */
  readonly clear?: () => Promise<void>;
};

const SQLITE: Place = { url: (folder) => join(folder, 'offprint.db') };

/** Subscribers, feeds and a counting relay, and the program as processes of its own between them. */
export async function openRoom(options: {
  subscribers: number;
  place?: Place;
  domainOf?: (n: number) => string;
  script?: Script;
  settings?: Record<string, string>;
}) {
  const place = options.place ?? SQLITE;
  const folder = mkdtempSync(join(tmpdir(), 'offprint-torture-'));
  const clock = join(folder, 'clock-shift');
  writeFileSync(clock, '0');
  await place.clear?.();
  const feeds = await startFeeds({ '2026-08-18': listedDay('2026-08-18', 12) });
  const relay = await startCountingRelay(options.script);
  const database = place.url(folder);
  const emails = await seed(database, options.subscribers, options.domainOf ?? (() => 'example.org'));
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    SITE_URL: 'https://papers.example.org',
    MAIL_FROM: 'papers@papers.example.org',
    DATABASE_URL: database,
    SOURCES: feeds.huggingface,
    SMTP_URL: relay.url,
    ALLOW_PRIVATE_FEEDS: 'true',
    LATE_LIMIT: '9999d',
    LOG_LEVEL: 'warn',
    CLOCK_SHIFT_FILE: clock,
    NODE_OPTIONS: ['shift-clock', 'other-host']
      .map((name) => `--import=${join(PROJECT, `test/torture/${name}.mjs`)}`)
      .join(' '),
    ...options.settings,
  };
  const children = new Set<ChildProcess>();
  const run = (...args: string[]) => launch(folder, environment, children, args);
  return {
    folder,
    relay,
    emails,
    database,
    shiftClock: (ms: number) => writeFileSync(clock, String(ms)),
    /** Starts one command of the program. */
    run,
    /** As if on another machine. */
    runOn: (host: string, ...args: string[]) =>
      launch(folder, { ...environment, TORTURE_HOST: host }, children, args),
    once: (...args: string[]) => run('once', '--date', DATE, ...args),
    books: () => readBooks(database),
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill('SIGKILL');
      await relay[Symbol.asyncDispose]();
      await feeds[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Room = Awaited<ReturnType<typeof openRoom>>;
export type Run = ReturnType<typeof launch>;

function launch(
  cwd: string,
  env: Record<string, string | undefined>,
  children: Set<ChildProcess>,
  args: readonly string[],
) {
  const child = spawn(process.execPath, [join(PROJECT, 'bin/offprint.js'), ...args], { cwd, env });
  children.add(child);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output = (output + chunk).slice(-200_000);
  });
  const ended = new Promise<number>((resolve) => {
    child.on('exit', (code, signal) => {
      children.delete(child);
      resolve(code ?? (signal === 'SIGKILL' ? 137 : 143));
    });
  });
  return { child, ended, output: () => output };
}

async function seed(database: string, count: number, domainOf: (n: number) => string): Promise<string[]> {
  const store = await openStore(database, Date.now());
  const emails = Array.from({ length: count }, (_, index) => `reader${index + 1}@${domainOf(index + 1)}`);
  try {
    for (let start = 0; start < count; start += 500)
      await addSlice(store.db, emails.slice(start, start + 500));
  } finally {
    await store.close();
  }
  return emails;
}

async function addSlice(db: Db, emails: readonly string[]): Promise<void> {
  const { name, timezone, deliverAt, days, consent } = makeSubscriber();
  const rows = emails.map((email) => ({
    email,
    email_key: email,
    name,
    state: 'active' as const,
    timezone,
    deliver_at: deliverAt,
    days,
    topics: '[]',
    consent,
    created_at: 1,
    state_at: 1,
  }));
  await db.insertInto('subscribers').values(rows).execute();
}

async function readBooks(database: string): Promise<Books & { wrong: string[] }> {
  const store = await openStore(database, Date.now());
  try {
    const issue = await store.db
      .selectFrom('issues')
      .select('id')
      .where('date', '=', DATE)
      .executeTakeFirstOrThrow();
    const books = await booksOf(store.db, issue.id);
    return { ...books, wrong: imbalances(books) };
  } finally {
    await store.close();
  }
}

/** By the real clock. */
export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
