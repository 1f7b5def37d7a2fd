import { uptime } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config/load.ts';
import { programVersion } from './config/package-files.ts';
import { guardFiles } from './config/private-files.ts';
import { openStore, type Store } from './db/open.ts';
import { keepSecrets, type Secrets } from './db/secrets.ts';
import { createLeaseWatch, type LeaseWatch } from './delivery/lease.ts';
import { ownerName } from './delivery/owner.ts';
import { createPacer, type Pacer } from './delivery/pacer.ts';
import { createRoutes, type Routes } from './delivery/routes.ts';
import { takeSlots } from './delivery/send-slots.ts';
import type { Signer } from './delivery/smtp/dkim.ts';
import { loadSigner } from './delivery/smtp/dkim-key.ts';
import { createOutbox } from './delivery/smtp/outbox.ts';
import { signing } from './delivery/smtp/signing.ts';
import { createSmtpTransport } from './delivery/smtp/smtp.ts';
import type { Transport } from './delivery/smtp/transport.ts';
import { routePause } from './domain/backoff.ts';
import { isPostgresUrl } from './domain/database-url.ts';
import type { WeekClock } from './domain/edition.ts';
import type { Languages } from './domain/language.ts';
import { type Clock, SECOND } from './domain/time.ts';
import type { Letterhead } from './mail/letterhead.ts';
import { keepTemplates, readOurLanguages } from './mail/load-templates.ts';
import type { MailTemplates } from './mail/mail-templates.ts';
import { mergePapers } from './papers/merge-papers.ts';
import { type LimitedWork, WORK_HERE } from './runtime/limited/limited-work.ts';
import type { Log } from './runtime/log.ts';
import { type Calendar, createCalendar } from './runtime/steady-clock.ts';
import { createHttp, type Http } from './sources/http/http.ts';
import type { Wait } from './sources/http/polite-reader.ts';
import { checkHooks } from './webhooks/webhooks.ts';

/** Every live object of the program, built here and handed down. */
export type App = {
  readonly config: Config;
  readonly clock: Clock;
  /** Milliseconds that only go forward, whatever happens to the clock. */
  readonly ticks: () => number;
  readonly log: Log;
  readonly store: Store;
  /**
   * The current secret first; the others verify the unsubscribe links of old mails. One list for as long as the process
   * lives, which `followSecrets` keeps true.
   */
  readonly secrets: Secrets;
  readonly http: Http;
  readonly limited: LimitedWork;
  readonly wait: Wait;
  /** Ends when that many of the milliseconds of `ticks` have passed, or `stop` is aborted; it never rejects. */
  readonly pause: (ms: number, stop: AbortSignal) => Promise<void>;
  /** Where mails go; they are signed on their way, where the settings ask for it. */
  readonly routes: Routes;
  /** Keeps SEND_RATE, where it is set. */
  readonly pacer?: Pacer;
  readonly lease: LeaseWatch;
  /** For what looks at a calendar in a process that runs for long. */
  readonly calendar: Calendar;
  /** Rejects with a Fault when mails are to be signed and cannot be: awaited before anything is sent. */
  readonly signer: () => Promise<Signer | undefined>;
  readonly letterhead: Letterhead;
  /** Compiled at the first asking (most commands never do), and again when a file has changed. */
  readonly templates: () => Promise<MailTemplates>;
  /** Those that pages and mails may speak, as they were when first asked for. Throws a Fault when LANGUAGE is none. */
  readonly languages: () => Languages;
  readonly issueClock: WeekClock;
  /** Under which name this process claims deliveries. */
  readonly owner: string;
  close(): Promise<void>;
};

/** What tests replace. */
export type Parts = {
  readonly clock: Clock;
  readonly log: Log;
  readonly wait?: Wait;
  readonly pause?: App['pause'];
  readonly owner?: string;
  /** Milliseconds that only go forward, whatever happens to the clock. */
  readonly ticks?: () => number;
  /** Milliseconds since some moment, also those in which the machine slept. */
  readonly elapsed?: () => number;
  /** What runs in processes with limits; without them in this thread. */
  readonly limited?: LimitedWork;
  /** A database that is open already, in place of the one that DATABASE_URL names; the app closes it. */
  readonly store?: Store;
};

export async function wire(config: Config, parts: Parts): Promise<App> {
  const { limited = WORK_HERE } = parts;
  checkHooks(config);
  const store = parts.store ?? (await openStore(config.DATABASE_URL, parts.clock()));
  guardFiles(config, outboxFolder(config.DATABASE_URL), parts.log);
  if (store.migrated.includes('papers')) await mergePapers(store.db);
  const signer = onFirstUse(() => loadSigner(config));
  const transports = chooseTransports(config, parts.log).map((transport) => signing(transport, signer));
  const routes = createRoutes(transports, config.SMTP_CONNECTIONS, routePause);
  const wait: Wait = parts.wait ?? (async (ms, signal) => sleep(ms, undefined, { signal }));
  const pause: App['pause'] =
    parts.pause ?? ((ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}));
  const ticks = parts.ticks ?? (() => performance.now());
  const pacer = createRatePacer(config, store, parts.clock, wait);
  return {
    config,
    ...parts,
    limited,
    store,
    secrets: await keepSecrets(store.db, config.SECRET, parts.clock()),
    http: createHttp({ userAgent: userAgent(config), allowPrivate: config.ALLOW_PRIVATE_FEEDS }),
    wait,
    pause,
    ticks,
    routes,
    ...(pacer && { pacer }),
    lease: createLeaseWatch(parts.clock, ticks),
    calendar: createCalendar(parts.clock, parts.elapsed ?? (() => uptime() * SECOND), parts.log),
    signer,
    letterhead: letterheadOf(config),
    templates: keepTemplates(config, parts.log, limited.mjml),
    languages: onFirstUse(() => readOurLanguages(config)),
    issueClock: {
      cron: config.ISSUE_CRON,
      timezone: config.ISSUE_TIMEZONE,
      weeklyOn: config.WEEKLY_ON,
    },
    owner: parts.owner ?? ownerName(),
    close: async () => {
      limited.close();
      await routes.close();
      await store.close();
    },
  };
}

function onFirstUse<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Whether mails go to real mailboxes: a sample issue never may. */
export function usesSmtp(config: Config): boolean {
  return config.SMTP_URL.length > 0;
}

function chooseTransports(config: Config, log: Log): Transport[] {
  const connections = config.SMTP_CONNECTIONS;
  if (!usesSmtp(config)) return [createOutbox(outboxFolder(config.DATABASE_URL), { connections })];
  if (!config.SITE_URL.startsWith('https:')) {
    log.warn(
      'SITE_URL is not https: mails go out without List-Unsubscribe-Post, which large mailbox providers ask for',
    );
  }
  if (config.MAIL_FROM === undefined)
    log.warn(`MAIL_FROM is not set: mails come from ${letterheadOf(config).from}`);
  const helloName = new URL(config.SITE_URL).hostname;
  return config.SMTP_URL.map((relay) => createSmtpTransport(relay, { connections, helloName }));
}

/** Of so many slots at a time as make one transaction in a tenth of a second or so; those not used in time are lost. */
function createRatePacer(config: Config, store: Store, clock: Clock, wait: Wait): Pacer | undefined {
  const limits = config.SEND_RATE;
  if (limits.length === 0) return undefined;
  const perSecond = Math.min(...limits.map(({ count, per }) => (count * SECOND) / per));
  const wanted = Math.max(1, Math.min(100, Math.round(perSecond / 10)));
  return createPacer((count) => takeSlots(store.db, limits, clock(), count), { wanted, clock, wait });
}

function outboxFolder(database: string): string {
  if (isPostgresUrl(database)) return join('data', 'outbox');
  return join(database === ':memory:' ? '.' : dirname(database), 'outbox');
}

function letterheadOf(config: Config): Letterhead {
  return {
    newsletterName: config.NEWSLETTER_NAME,
    from: config.MAIL_FROM?.address ?? `newsletter@${new URL(config.SITE_URL).hostname}`,
    ...(config.MAIL_FROM?.name && { fromName: config.MAIL_FROM.name }),
    ...(config.MAIL_REPLY_TO && { replyTo: config.MAIL_REPLY_TO }),
    ...(config.UNSUBSCRIBE_ADDRESS && { unsubscribeAddress: config.UNSUBSCRIBE_ADDRESS }),
    ...(config.POSTAL_ADDRESS && { postalAddress: config.POSTAL_ADDRESS }),
    siteUrl: config.SITE_URL,
    language: config.LANGUAGE,
    subjectStyle: config.SUBJECT_STYLE,
  };
}

/** Tells a provider who asks and whom to write to. */
function userAgent(config: Config): string {
  const contact = config.MAIL_FROM ? `; ${config.MAIL_FROM.address}` : '';
  const name = config.NEWSLETTER_NAME.replace(/[^\x20-\x7e]|[()\\]/g, '') || 'Offprint';
  return `Offprint/${programVersion()} (${name}; ${config.SITE_URL}${contact})`;
}
