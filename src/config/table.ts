import { MAIL_SETTINGS } from './mail-settings.ts';
import * as read from './parsers.ts';
import { RETURN_SETTINGS } from './return-settings.ts';
import { setting } from './setting.ts';
import { SIGNUP_SETTINGS } from './signup-settings.ts';

/**
 * Every setting, in the order of `.env.example`. A new one is a row here, or in one of the parts, and nothing else: the
 * example file, the documents and the checks are made from this table.
 */
export const SETTINGS = {
  SITE_URL: setting({
    doc: 'Where readers reach the pages; links in mails begin with it. One-click unsubscribe needs https. none: there are no pages; MAIL_FROM and UNSUBSCRIBE_ADDRESS are needed then.',
    default: '',
    parse: read.siteUrl,
  }),
  HOST: setting({
    doc: 'The address that the web server listens on.',
    default: '127.0.0.1',
    parse: read.text,
  }),
  PORT: setting({
    doc: 'The port that the web server listens on.',
    default: '3000',
    parse: read.wholeNumber(1, 65535),
  }),
  ...MAIL_SETTINGS,
  ...RETURN_SETTINGS,
  DATABASE_URL: setting({
    doc: 'The SQLite file, or postgres://… for several machines: see docs/scaling.md.',
    default: 'data/offprint.db',
    parse: read.database,
  }),
  SOURCES: setting({
    doc: 'What to read, separated by comma and space: huggingface, arxiv:CATEGORIES, biorxiv:, medrxiv:, pubmed:, semanticscholar:, openalex:, rss:URL, jsonfeed:URL; signals: hackernews, github; file:PATH for a longer list. See docs/sources.md.',
    default: 'huggingface, arxiv:cs.CL+cs.LG+cs.CV+cs.AI',
    parse: read.sources,
  }),
  GITHUB_TOKEN: setting({
    doc: 'Raises the number of repositories whose stars the source github may read.',
    default: '',
    parse: read.optionalText,
    secret: true,
  }),
  OPENALEX_KEY: setting({
    doc: 'The key that OpenAlex gives for more than a few searches a day.',
    default: '',
    parse: read.optionalText,
    secret: true,
  }),
  SEMANTIC_SCHOLAR_KEY: setting({
    doc: 'The key that Semantic Scholar gives for an allowance of your own.',
    default: '',
    parse: read.optionalText,
    secret: true,
  }),
  FETCH_CRON: setting({
    doc: 'When the sources are read between issues.',
    default: '17 * * * *',
    parse: read.cron,
  }),
  ALLOW_PRIVATE_FEEDS: setting({
    doc: 'Whether sources may be on loopback or private addresses.',
    default: 'false',
    parse: read.yesOrNo,
  }),
  HTTPS_PROXY: setting({
    doc: 'The proxy that sources at https addresses are read through, and webhooks called. Without it HTTP_PROXY is used. A proxy looks up names itself, so it decides which addresses may be reached.',
    default: '',
    parse: read.optionalProxy,
    alsoNamed: 'https_proxy',
    secret: true,
  }),
  HTTP_PROXY: setting({
    doc: 'The same for http addresses.',
    default: '',
    parse: read.optionalProxy,
    alsoNamed: 'http_proxy',
    secret: true,
  }),
  NO_PROXY: setting({
    doc: 'Hosts that are reached without a proxy, with commas between them: example.org is also its subdomains, * all.',
    default: '',
    parse: read.optionalText,
    alsoNamed: 'no_proxy',
  }),
  ISSUE_CRON: setting({ doc: 'When the daily issue is frozen.', default: '0 5 * * *', parse: read.cron }),
  ISSUE_TIMEZONE: setting({
    doc: 'The time zone of ISSUE_CRON and of issue dates.',
    default: 'UTC',
    parse: read.timeZone,
  }),
  WEEKLY_ON: setting({
    doc: 'The day of the weekly issue, for readers who want one mail a week: mon to sun. It is frozen when that day’s issue is.',
    default: 'sun',
    parse: read.weekday,
  }),
  DELIVER_AT: setting({
    doc: 'The local hour for readers who chose none.',
    default: '07:00',
    parse: read.localTime,
  }),
  DEFAULT_TIMEZONE: setting({
    doc: 'The time zone for readers who chose none.',
    default: 'UTC',
    parse: read.timeZone,
  }),
  PICKS: setting({
    doc: 'The maximum number of papers in an issue.',
    default: '10',
    parse: read.wholeNumber(1, 100),
  }),
  MAX_PER_CATEGORY: setting({
    doc: 'The largest share of an issue that papers of one primary category may have, while others are left; 1 for no limit.',
    default: '0.5',
    parse: read.share,
  }),
  MIN_NEW: setting({
    doc: 'A day with fewer new papers than this has no issue.',
    default: '3',
    parse: read.wholeNumber(0, 100),
  }),
  QUIET_DAYS: setting({
    doc: 'What to do on a day with too few new papers: skip, or best-of-week (the best of the last seven days that no issue included).',
    default: 'skip',
    parse: read.oneOf('skip', 'best-of-week'),
  }),
  EMBEDDINGS_URL: setting({
    doc: "A service with OpenAI's embeddings interface that says how near papers are to what readers like, such as https://api.openai.com/v1 or http://127.0.0.1:11434/v1. Empty: the words of title and abstract are compared instead, as they are when the service fails.",
    default: '',
    parse: read.optionalWebAddress,
  }),
  EMBEDDINGS_MODEL: setting({
    doc: 'The model to ask that service for.',
    default: 'text-embedding-3-small',
    parse: read.text,
  }),
  EMBEDDINGS_KEY: setting({
    doc: 'The API key of that service, if it needs one.',
    default: '',
    parse: read.optionalText,
    secret: true,
  }),
  LATE_LIMIT: setting({
    doc: 'How long after its hour a mail is still sent; after that it expires.',
    default: '12h',
    parse: read.duration,
  }),
  UNCERTAIN: setting({
    doc: 'What to do with a mail that may or may not have arrived when a crash interrupted it: resend or hold.',
    default: 'resend',
    parse: read.oneOf('resend', 'hold'),
  }),
  LEDGER_DAYS: setting({
    doc: 'After this many days the deliveries of a finished issue become totals. Which papers each reader got is kept.',
    default: '90',
    parse: read.wholeNumber(1, 36500),
  }),
  OPERATOR_EMAIL: setting({
    doc: 'Who is told when something needs attention: an issue held or late, a relay or a domain that refuses us, suppressions held.',
    default: '',
    parse: read.optionalAddress,
  }),
  OPERATOR_URL: setting({
    doc: 'A webhook that is told the same, because mail may be what is broken: Slack, Mattermost, ntfy. See docs/mail.md.',
    default: '',
    parse: read.optionalHookAddress,
    secret: true,
  }),
  ...SIGNUP_SETTINGS,
  SECRET: setting({
    doc: 'Signs the links in mails. Empty: one is made at the first start and stored in the database. "offprint secret retire" revokes one that leaked.',
    default: '',
    parse: read.optionalText,
    secret: true,
  }),
  API_TOKENS: setting({
    doc: 'Tokens for /api/v1, at least 20 characters each, separated by commas. Empty: the API is closed.',
    default: '',
    parse: read.tokens,
    secret: true,
  }),
  WEBHOOK_URLS: setting({
    doc: 'Where events are posted: subscribed, unsubscribed, bounced, complained, issue.sent. See docs/api.md.',
    default: '',
    parse: read.webAddresses,
    secret: true,
  }),
  WEBHOOK_SECRET: setting({
    doc: 'Signs what is posted to WEBHOOK_URLS (Standard Webhooks). Required with them.',
    default: '',
    parse: read.optionalText,
    secret: true,
  }),
  LOG_LEVEL: setting({
    doc: 'How much to log to standard error.',
    default: 'info',
    parse: read.oneOf('silent', 'error', 'warn', 'info', 'debug'),
  }),
};
