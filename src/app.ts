import { uptime } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, usesSmtp } from './config/load.ts';
import { programVersion } from './config/package-files.ts';
import { guardFiles } from './config/private-files.ts';
import { hostOf } from './config/site.ts';
import type { Core, Log } from './core.ts';
import { openStore, type Store } from './db/open.ts';
import { loadOrCreateSecrets, type Secrets } from './db/secrets.ts';
import type { Composing } from './delivery/composing.ts';
import { createLeaseWatch } from './delivery/lease.ts';
import { ownerName } from './delivery/owner.ts';
import { createPacer, type Pacer } from './delivery/pacer.ts';
import { createRoutes } from './delivery/routes.ts';
import { reserveSlots } from './delivery/send-slots.ts';
import type { Sending } from './delivery/sending.ts';
import type { Signer } from './delivery/smtp/dkim.ts';
import { loadSigner } from './delivery/smtp/dkim-key.ts';
import { createOutbox } from './delivery/smtp/outbox.ts';
import { signing } from './delivery/smtp/signing.ts';
import { createSmtpTransport } from './delivery/smtp/smtp.ts';
import type { Transport } from './delivery/smtp/transport.ts';
import { createSuppressionCap } from './delivery/suppression-cap.ts';
import { routePause } from './domain/backoff.ts';
import { isPostgresUrl } from './domain/database-url.ts';
import type { Languages } from './domain/language.ts';
import { createSteadyClock, type SteadyClock } from './domain/steady-clock.ts';
import { type Clock, type Every, SECOND, type Wait } from './domain/time.ts';
import type { Publishing } from './issues/publish.ts';
import { echoHeadersFor } from './mail/echo-headers.ts';
import type { Letterhead } from './mail/letterhead.ts';
import { cachedTemplates, readOurLanguages } from './mail/load-templates.ts';
import { compileMjml, type Mjml } from './mail/mjml.ts';
import { type ReadLibrary, readLibraryHere } from './papers/library/read-library.ts';
import { mergePapers } from './papers/merge-papers.ts';
import { makeThumbnail } from './papers/picture.ts';
import { paperFeatures } from './ranking/prior.ts';
import { parseMailsHere } from './returns/mail/parse-mail.ts';
import { createReturnCap } from './returns/return-cap.ts';
import { leaveAddressOf, type ReturnTools } from './returns/return-tools.ts';
import { createHttp } from './sources/http/http.ts';
import { proxyNames } from './sources/http/proxies.ts';
import { parseHere } from './sources/providers/parsers.ts';
import { checkHooks } from './webhooks/webhooks.ts';

/** Every live object of the program, built here and handed down. */
export type App = Core & {
  /**
   * The current secret first; the others verify the unsubscribe links of old mails. One list for as long as the process
   * lives, which `followSecrets` keeps true.
   */
  readonly secrets: Secrets;
  /** Those that pages and mails may speak, as they were when first asked for. Throws a Fault when LANGUAGE is none. */
  readonly languages: () => Languages;
  readonly publishing: Publishing;
  readonly composing: Composing;
  readonly sending: Sending;
  readonly returning: ReturnTools;
  /** Reads what a subscriber uploads, in a process with limits. */
  readonly readLibrary: ReadLibrary;
  /** For what looks at a calendar in a process that runs for long. */
  readonly steadyClock: SteadyClock;
  /** Rejects with a Fault when mails are to be signed and cannot be: awaited before anything is sent. */
  readonly signer: () => Promise<Signer | undefined>;
  close(): Promise<void>;
};

/** What tests replace. */
export type AppOverrides = Partial<Pick<Core, 'ticks' | 'after' | 'store'>> &
  Partial<Pick<Sending, 'wait' | 'pause' | 'every' | 'owner'>> & {
    readonly clock: Clock;
    readonly log: Log;
    /** Milliseconds since some moment, also those in which the machine slept. */
    readonly elapsed?: () => number;
    /** What runs in processes with limits; without them in this thread. */
    readonly limited?: LimitedWork;
  };

/** Work that may take long or much memory, most of it because strangers write what it is done on. */
export type LimitedWork = Pick<Publishing, 'parseUntil' | 'featuresOf' | 'makeThumbnail'> &
  Pick<ReturnTools, 'parseMails'> & {
    readonly mjml: Mjml;
    readonly readLibrary: ReadLibrary;
    /** Ends what is under way. */
    readonly close: () => void;
  };

/** In this thread and without limits. */
export const WORK_HERE: LimitedWork = {
  parseUntil: () => parseHere,
  featuresOf: async (papers) => papers.map((paper) => paperFeatures(paper)),
  makeThumbnail,
  mjml: compileMjml,
  parseMails: parseMailsHere,
  readLibrary: readLibraryHere,
  close: () => {},
};

/** @param overrides a store in place of the one that DATABASE_URL names is closed with the app, too */
export async function createApp(config: Config, overrides: AppOverrides): Promise<App> {
  checkHooks(config);
  const core = await createCore(config, overrides);
  const secrets = await loadOrCreateSecrets(core.store.db, config.SECRET, core.clock());
  const languages = onFirstUse(() => readOurLanguages(config));
  const signer = onFirstUse(() => loadSigner(config));
  const { limited = WORK_HERE, elapsed = () => uptime() * SECOND } = overrides;
  const wait: Wait = overrides.wait ?? (async (ms, signal) => sleep(ms, undefined, { signal }));
  const http = createHttp({
    userAgent: userAgent(config),
    allowPrivate: config.ALLOW_PRIVATE_FEEDS,
    after: core.after,
    proxies: config,
  });
  const proxies = proxyNames(config);
  if (proxies !== undefined)
    core.log.info(`sources are read through ${proxies}, which decides what addresses names lead to`);
  const sending = createSending(core, signer, { ...overrides, wait });
  const { parseUntil, featuresOf, makeThumbnail, parseMails } = limited;
  const report = (problem: string) => core.log.error(problem);
  const templates = cachedTemplates(config, report, limited.mjml);
  return {
    ...core,
    secrets,
    languages,
    publishing: { http, wait, parseUntil, featuresOf, makeThumbnail, languages },
    composing: { templates, letterhead: letterheadOf(config), languages, secrets },
    sending,
    returning: {
      cap: createReturnCap(createSuppressionCap(core), core.ticks),
      routeNames: sending.routes.names,
      secrets,
      leaveAddress: leaveAddressOf(config),
      parseMails,
    },
    readLibrary: limited.readLibrary,
    steadyClock: createSteadyClock(core.clock, elapsed, (details, text) => core.log.warn(details, text)),
    signer,
    close: async () => {
      limited.close();
      await sending.routes.close();
      await core.store.close();
    },
  };
}

async function createCore(config: Config, overrides: AppOverrides): Promise<Core> {
  const { clock, log, ticks = () => performance.now(), after = (ms) => AbortSignal.timeout(ms) } = overrides;
  const store = overrides.store ?? (await openStore(config.DATABASE_URL, clock()));
  guardFiles(config, outboxFolder(config.DATABASE_URL), log);
  if (store.migrated.includes('papers')) await mergePapers(store.db);
  return { store, clock, ticks, after, config, log };
}

function createSending(
  { config, store, clock, ticks, log }: Core,
  signer: App['signer'],
  {
    wait,
    pause,
    every = repeat,
    owner = ownerName(),
  }: Pick<Sending, 'wait'> & Partial<Pick<Sending, 'pause' | 'every' | 'owner'>>,
): Sending {
  const transports = chooseTransports(config, log).map((transport) => signing(transport, signer));
  const pacer = createRatePacer(config, store, clock, wait);
  return {
    routes: createRoutes(transports, config.SMTP_CONNECTIONS, routePause),
    ...(pacer && { pacer }),
    wait,
    pause: pause ?? ((ms, signal) => sleep(ms, undefined, { signal }).catch(() => {})),
    every,
    lease: createLeaseWatch(clock, ticks),
    owner,
  };
}

const repeat: Every = (ms, work) => {
  const timer = setInterval(work, ms).unref();
  return () => clearInterval(timer);
};

function onFirstUse<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function chooseTransports(config: Config, log: Log): Transport[] {
  const connections = config.SMTP_CONNECTIONS;
  if (!usesSmtp(config)) return [createOutbox(outboxFolder(config.DATABASE_URL), { connections })];
  if (config.pages !== 'none' && !config.SITE_URL.startsWith('https:')) {
    log.warn(
      'SITE_URL is not https: mails go out without List-Unsubscribe-Post, which large mailbox providers ask for',
    );
  }
  if (config.MAIL_FROM === undefined)
    log.warn(`MAIL_FROM is not set: mails come from ${letterheadOf(config).from}`);
  const helloName = hostOf(config);
  return config.SMTP_URL.map((relay) => createSmtpTransport(relay, { connections, helloName }));
}

/** Of so many slots at a time as make one transaction in a tenth of a second or so; those not used in time are lost. */
function createRatePacer(config: Config, store: Store, clock: Clock, wait: Wait): Pacer | undefined {
  const limits = config.SEND_RATE;
  if (limits.length === 0) return undefined;
  const perSecond = Math.min(...limits.map(({ count, per }) => (count * SECOND) / per));
  const wanted = Math.max(1, Math.min(100, Math.round(perSecond / 10)));
  return createPacer((count) => reserveSlots(store.db, limits, clock(), count), { wanted, clock, wait });
}

function outboxFolder(database: string): string {
  if (isPostgresUrl(database)) return join('data', 'outbox');
  return join(database === ':memory:' ? '.' : dirname(database), 'outbox');
}

/** Mail programs show no SVG. */
function logoInMails({ LOGO, SITE_URL }: Config): { logoUrl?: string } {
  const ending = extname(LOGO ?? '').toLowerCase();
  return ending === '' || ending === '.svg' ? {} : { logoUrl: `${SITE_URL}/assets/logo${ending}` };
}

function letterheadOf(config: Config): Letterhead {
  return {
    newsletterName: config.NEWSLETTER_NAME,
    from: config.MAIL_FROM?.address ?? `newsletter@${hostOf(config)}`,
    ...(config.MAIL_FROM?.name && { fromName: config.MAIL_FROM.name }),
    ...(config.MAIL_REPLY_TO && { replyTo: config.MAIL_REPLY_TO }),
    ...(config.UNSUBSCRIBE_ADDRESS && { unsubscribeAddress: config.UNSUBSCRIBE_ADDRESS }),
    echoHeaders: echoHeadersFor(config.SMTP_URL.map((relay) => new URL(relay).hostname)),
    ...(config.COMPLAINT_ADDRESS && { complaintAddress: config.COMPLAINT_ADDRESS }),
    ...(config.POSTAL_ADDRESS && { postalAddress: config.POSTAL_ADDRESS }),
    ...(config.NEWSLETTER_TAGLINE && { tagline: config.NEWSLETTER_TAGLINE }),
    ...logoInMails(config),
    siteUrl: config.SITE_URL,
    language: config.LANGUAGE,
    subjectStyle: config.SUBJECT_STYLE,
    summaries: config.SUMMARIES,
  };
}

/** Tells a provider who asks and whom to write to. */
function userAgent(config: Config): string {
  const contact = config.MAIL_FROM ? `; ${config.MAIL_FROM.address}` : '';
  const name = config.NEWSLETTER_NAME.replace(/[^\x20-\x7e]|[()\\]/g, '') || 'Offprint';
  const site = config.SITE_URL && `; ${config.SITE_URL}`;
  return `Offprint/${programVersion()} (${name}${site}${contact})`;
}
