import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Letterhead } from '../compose/letterhead.ts';
import { compileTemplates, type MailTemplates } from '../compose/templates.ts';
import type { Config } from '../config/load.ts';
import { createOutbox } from '../deliver/outbox.ts';
import { createSmtpTransport } from '../deliver/smtp.ts';
import type { Transport } from '../deliver/transport.ts';
import type { Clock } from '../domain/time.ts';
import { createHttp, type Http } from '../fetch/http.ts';
import type { Wait } from '../fetch/patient-reader.ts';
import type { WeekClock } from '../schedule/freeze.ts';
import { openStore, type Store } from '../store/open.ts';
import { keepSecrets } from '../store/secrets.ts';
import { programVersion, readFiles } from './files.ts';
import type { Log } from './log.ts';
import { ownerName } from './owner.ts';
import { mergePapers } from './papers.ts';

/** Every live object of the program, built here and handed down. */
export type App = {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  /** The current secret first; the others verify the unsubscribe links of old mails. */
  readonly secrets: readonly [string, ...string[]];
  readonly http: Http;
  readonly wait: Wait;
  readonly transport: Transport;
  readonly letterhead: Letterhead;
  /** Compiled at the first asking: most commands never do. */
  readonly templates: () => Promise<MailTemplates>;
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
  readonly owner?: string;
};

export async function wire(config: Config, parts: Parts): Promise<App> {
  const store = await openStore(config.DATABASE_URL, parts.clock());
  if (store.migrated.includes('papers')) await mergePapers(store.db);
  const transport = chooseTransport(config, parts.log);
  return {
    config,
    ...parts,
    store,
    secrets: await keepSecrets(store.db, config.SECRET, parts.clock()),
    http: createHttp({ userAgent: userAgent(config), allowPrivate: config.ALLOW_PRIVATE_FEEDS }),
    wait: parts.wait ?? (async (ms, signal) => pause(ms, undefined, { signal })),
    transport,
    letterhead: letterheadOf(config),
    templates: onFirstUse(() => compileTemplates(readFiles('templates'))),
    issueClock: {
      cron: config.ISSUE_CRON,
      timezone: config.ISSUE_TIMEZONE,
      weeklyOn: config.WEEKLY_ON,
    },
    owner: parts.owner ?? ownerName(),
    close: async () => {
      await transport.close();
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

function chooseTransport(config: Config, log: Log): Transport {
  const connections = config.SMTP_CONNECTIONS;
  const [relay] = config.SMTP_URL;
  if (relay === undefined) return createOutbox(outboxFolder(config.DATABASE_URL), { connections });
  if (!config.SITE_URL.startsWith('https:')) {
    log.warn(
      'SITE_URL is not https: mails go out without List-Unsubscribe-Post, which large mailbox providers ask for',
    );
  }
  if (config.MAIL_FROM === undefined)
    log.warn(`MAIL_FROM is not set: mails come from ${letterheadOf(config).from}`);
  return createSmtpTransport(relay, { connections, helloName: new URL(config.SITE_URL).hostname });
}

function outboxFolder(database: string): string {
  return join(database === ':memory:' ? '.' : dirname(database), 'outbox');
}

function letterheadOf(config: Config): Letterhead {
  return {
    newsletterName: config.NEWSLETTER_NAME,
    from: config.MAIL_FROM ?? `newsletter@${new URL(config.SITE_URL).hostname}`,
    ...(config.MAIL_REPLY_TO && { replyTo: config.MAIL_REPLY_TO }),
    ...(config.POSTAL_ADDRESS && { postalAddress: config.POSTAL_ADDRESS }),
    siteUrl: config.SITE_URL,
  };
}

/** Tells a provider who asks and whom to write to. */
function userAgent(config: Config): string {
  const contact = config.MAIL_FROM ? `; ${config.MAIL_FROM}` : '';
  const name = config.NEWSLETTER_NAME.replace(/[^\x20-\x7e]|[()\\]/g, '') || 'Offprint';
  return `Offprint/${programVersion()} (${name}; ${config.SITE_URL}${contact})`;
}
