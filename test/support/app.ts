import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type App, type AppOverrides, createApp, WORK_HERE } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load.ts';
import { readFiles } from '../../src/config/package-files.ts';
import type { DeliveryState } from '../../src/domain/delivery.ts';
import { memoizeAsync } from '../../src/domain/memo.ts';
import type { Instant, Wait } from '../../src/domain/time.ts';
import type { IssuePart, MailTemplates } from '../../src/mail/mail-templates.ts';
import { languagesIn } from '../../src/mail/mail-words.ts';
import { compileMjml, type Mjml } from '../../src/mail/mjml.ts';
import { slot } from '../../src/mail/slot.ts';
import type { NewSubscriber } from '../../src/subscribers/subscribers-table.ts';
import { addSubscriber } from '../../src/subscribers/subscribers-table.ts';
import { type MovingClock, movingClock, NO_LIMIT } from './clock.ts';
import { ENGINE } from './engine.ts';
import { makeSubscriber } from './makers.ts';
import { openEmptySchema, schemaOf, urlOf } from './postgres.ts';
import { migratedImage, newMemoryStore } from './sqlite.ts';

export type TestApp = App & {
  readonly time: MovingClock;
  /** What was logged, without its level and time. */
  readonly logged: string[];
  /** Resolves once this has been logged. */
  untilLogged(message: string): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type TestParts = Partial<
  Pick<AppOverrides, 'after' | 'wait' | 'owner' | 'ticks' | 'elapsed' | 'limited'>
> & {
  readonly now?: Instant | string;
  readonly time?: MovingClock;
  /** Mails as they are made from templates/, for a test that reads them: MJML takes a second and a half to load. */
  readonly realMails?: boolean;
};

/**
 * The real program over a clock that moves only when the program waits or a test moves it. Its database is in
 * memory when mails go to a relay; else it has a folder of its own, with the outbox in it.
 */
export async function openTestApp(
  settings: Record<string, string> = {},
  parts: TestParts = {},
): Promise<TestApp> {
  const time = parts.time ?? movingClock(parts.now ?? '2026-08-19T05:00:00Z');
  const folder = settings.SMTP_URL || settings.DATABASE_URL ? undefined : tempFolder();
  if (folder) writeFileSync(join(folder.path, 'offprint.db'), await migratedImage());
  // Without a relay mails are files beside the database, which has to be one then.
  const isFile = existsSync(settings.DATABASE_URL ?? '');
  const onPostgres = ENGINE === 'postgres' && settings.SMTP_URL && !isFile;
  const store = onPostgres && !settings.DATABASE_URL ? await openEmptySchema() : undefined;
  const config = loadConfig({
    SITE_URL: 'https://papers.example.org',
    ALLOW_PRIVATE_FEEDS: 'true',
    DATABASE_URL: folder ? join(folder.path, 'offprint.db') : ':memory:',
    ...settings,
    ...(onPostgres && {
      DATABASE_URL: urlOf(store?.schema ?? (await schemaOf(settings.DATABASE_URL ?? ''))),
    }),
  });
  const { logged, log, untilLogged } = openLog();
  const app = await createApp(config, {
    ...(config.DATABASE_URL === ':memory:' && { store: await newMemoryStore() }),
    ...(store && { store }),
    clock: time.now,
    log,
    wait: parts.wait ?? waitOn(time),
    pause: time.pause,
    // A source that waits moves the clock for all others, too.
    after: parts.after ?? NO_LIMIT,
    ticks: parts.ticks ?? time.now,
    elapsed: parts.elapsed ?? time.now,
    ...(parts.owner !== undefined && { owner: parts.owner }),
    limited: parts.limited ?? { ...WORK_HERE, mjml: compileOnce },
  });
  const close = async () => {
    await app.close();
    folder?.remove();
  };
  const templates = parts.realMails ? app.composing.templates : async () => PLAIN;
  return {
    ...app,
    composing: { ...app.composing, templates },
    close,
    time,
    logged,
    untilLogged,
    [Symbol.asyncDispose]: close,
  };
}

/** A log whose messages a test can read and wait for. */
function openLog() {
  const logged: string[] = [];
  const awaited = new Map<string, PromiseWithResolvers<void>>();
  const write = (line: string) => {
    const message: string = JSON.parse(line).msg;
    logged.push(message);
    awaited.get(message)?.resolve();
  };
  const untilLogged = async (message: string) => {
    if (logged.includes(message)) return;
    const wait = awaited.get(message) ?? Promise.withResolvers<void>();
    awaited.set(message, wait);
    await wait.promise;
  };
  return { logged, untilLogged, log: pino({ level: 'debug' }, { write }) };
}

const compiled = new Map<string, Promise<string>>();

/** The templates are the same in all tests, and MJML takes its time. */
const compileOnce: Mjml = (source) => memoizeAsync(compiled, source, () => compileMjml(source));

/** Moves the clock in place of sleeping. */
function waitOn(time: MovingClock): Wait {
  return async (ms, signal) => {
    signal.throwIfAborted();
    time.advance(ms);
    await new Promise(setImmediate);
  };
}

/** All that a template is given, line by line. */
const values = (view: object): string => Object.values(view).flat().map(shown).join('\n');
const shown = (value: unknown): string =>
  typeof value === 'object' && value !== null ? values(value) : String(value);

const ISSUE: IssuePart = {
  frame: (view) => `${values(view)}\n${slot('papers')}`,
  renderItem: (_, __, entry) => `${values(entry)}\n`,
};

const PLAIN: MailTemplates = {
  issue: { html: ISSUE, text: ISSUE },
  notice: { html: JSON.stringify, text: JSON.stringify },
  languages: languagesIn(readFiles('templates')),
};

export function tempFolder() {
  const path = mkdtempSync(join(tmpdir(), 'offprint-test-'));
  const remove = () => rmSync(path, { recursive: true, force: true });
  return { path, remove, [Symbol.dispose]: remove };
}

/** Adds subscribers by their addresses, active, at 07:00 UTC unless told otherwise. */
export async function enrollSubscribers(
  app: App,
  emails: readonly string[],
  change: Partial<NewSubscriber> = {},
): Promise<number[]> {
  const ids: number[] = [];
  for (const email of emails) {
    const added = await addSubscriber(app.store.db, makeSubscriber({ ...change, email }), app.clock());
    if (added) ids.push(added.id);
  }
  return ids;
}

export function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `reader${index + 1}@example.org`);
}

/** Where every delivery stands: address and state, in the order of the issues and the subscribers. */
export async function ledger(app: App): Promise<{ address: string; state: DeliveryState; issue: number }[]> {
  return app.store.db
    .selectFrom('deliveries')
    .select(['address', 'state', 'issue_id as issue'])
    .orderBy('issue_id')
    .orderBy('subscriber_id')
    .execute();
}
