import * as read from './parsers.ts';
import { setting } from './setting.ts';

/**
 * Every setting, in the order of `.env.example`. A new one is a row here and nothing else: the
 * example file, the documents and the checks are made from this table.
 */
export const SETTINGS = {
  SITE_URL: setting({
    doc: 'Where readers reach the pages; links in mails begin with it. One-click unsubscribe needs https.',
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
  NEWSLETTER_NAME: setting({
    doc: 'The name in the masthead, the From header and the page titles.',
    default: 'Offprint',
    parse: read.text,
  }),
  MAIL_FROM: setting({
    doc: 'The address that mails come from. Default: newsletter@ the host of SITE_URL.',
    default: '',
    parse: read.optionalAddress,
  }),
  MAIL_REPLY_TO: setting({
    doc: 'Where replies go, if not to MAIL_FROM.',
    default: '',
    parse: read.optionalAddress,
  }),
  THEME: setting({
    doc: 'How the mails look: plain, journal or card. See docs/templates.md.',
    default: 'journal',
    parse: read.oneOf('plain', 'journal', 'card'),
  }),
  TEMPLATES: setting({
    doc: 'A folder of your own with mail templates; its files are used in place of those of the theme.',
    default: '',
    parse: read.optionalText,
  }),
  SUBJECT_STYLE: setting({
    doc: 'What a subject is made of: picks (the names of the first two), first (the whole title of the first), dated (the day, then the names).',
    default: 'picks',
    parse: read.oneOf('picks', 'first', 'dated'),
  }),
  POSTAL_ADDRESS: setting({
    doc: 'Shown at the foot of each mail; the law of many countries wants it in bulk mail.',
    default: '',
    parse: read.optionalText,
  }),
  SMTP_URL: setting({
    doc: 'The relays that take the mails, in order of preference with commas between them: while one refuses us the next takes over. None: mails are written as .eml files to outbox/ beside the database.',
    default: '',
    parse: read.smtpUrls,
    secret: true,
  }),
  SMTP_CONNECTIONS: setting({
    doc: 'How many connections to a relay are open at most: also how many readers a crash can leave in doubt.',
    default: '5',
    parse: read.wholeNumber(1, 100),
  }),
  SEND_RATE: setting({
    doc: 'How many mails are begun at most in any second, hour or day, over all processes: 20/s, 5000/h, 50000/d. None: as fast as the relay takes them.',
    default: '',
    parse: read.rates,
  }),
  DKIM_DOMAIN: setting({
    doc: 'The domain that mails are signed for (DKIM); with DKIM_SELECTOR and DKIM_KEY_FILE. None: the relay signs. See docs/mail.md.',
    default: '',
    parse: read.optionalDomain,
  }),
  DKIM_SELECTOR: setting({
    doc: 'Names the key: its public half is published at SELECTOR._domainkey.DOMAIN.',
    default: '',
    parse: read.optionalDomain,
  }),
  DKIM_KEY_FILE: setting({
    doc: 'The private key, RSA of 2048 bits or more, as PEM.',
    default: '',
    parse: read.optionalText,
  }),
  BOUNCE_ADDRESS: setting({
    doc: 'Where mails that cannot be delivered come back: each carries a signed +tag of its own as its envelope sender. None: MAIL_FROM.',
    default: '',
    parse: read.optionalBounceAddress,
  }),
  UNSUBSCRIBE_ADDRESS: setting({
    doc: 'A mailbox whose mails mean "unsubscribe me", offered beside the link. It must be read.',
    default: '',
    parse: read.optionalAddress,
  }),
  DATABASE_URL: setting({
    doc: 'The SQLite file, or postgres://… for several machines: see docs/scaling.md.',
    default: 'data/offprint.db',
    parse: read.database,
  }),
  SOURCES: setting({
    doc: 'What is read, with comma and space between: huggingface, arxiv:CATEGORIES, biorxiv:, medrxiv:, pubmed:, semanticscholar:, openalex:, rss:URL, jsonfeed:URL; signals: hackernews, github; file:PATH for a longer list. See docs/sources.md.',
    default: 'huggingface, arxiv:cs.CL+cs.LG+cs.CV+cs.AI',
    parse: read.sources,
  }),
  GITHUB_TOKEN: setting({
    doc: 'Raises the number of repositories whose stars the source github may read.',
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
    doc: 'The local hour of readers who chose none.',
    default: '07:00',
    parse: read.localTime,
  }),
  DEFAULT_TIMEZONE: setting({
    doc: 'The time zone of readers who chose none.',
    default: 'UTC',
    parse: read.timeZone,
  }),
  PICKS: setting({
    doc: 'How many papers an issue has at most.',
    default: '10',
    parse: read.wholeNumber(1, 100),
  }),
  MAX_PER_CATEGORY: setting({
    doc: 'The largest share of an issue that papers of one primary category may have, while others are left; 1 for no limit.',
    default: '0.5',
    parse: read.share,
  }),
  MIN_NEW: setting({
    doc: 'With fewer new papers than this the day has no issue.',
    default: '3',
    parse: read.wholeNumber(0, 100),
  }),
  QUIET_DAYS: setting({
    doc: 'What a day with too little new gets: skip, or best-of-week, the best of seven days that no issue has had.',
    default: 'skip',
    parse: read.oneOf('skip', 'best-of-week'),
  }),
  EMBEDDINGS_URL: setting({
    doc: "A service with OpenAI's embeddings interface that says how near papers are to what readers like, such as https://api.openai.com/v1 or http://127.0.0.1:11434/v1. None: the words of title and abstract do, as also when it fails.",
    default: '',
    parse: read.optionalWebAddress,
  }),
  EMBEDDINGS_MODEL: setting({
    doc: 'The model that the service is asked for.',
    default: 'text-embedding-3-small',
    parse: read.text,
  }),
  EMBEDDINGS_KEY: setting({
    doc: 'The key that the service wants, if it wants one.',
    default: '',
    parse: read.optionalText,
    secret: true,
  }),
  LATE_LIMIT: setting({
    doc: 'How long after its hour a mail is still worth sending; then it expires.',
    default: '12h',
    parse: read.duration,
  }),
  UNCERTAIN: setting({
    doc: 'What to do with a mail that may or may not have arrived when a crash interrupted it: resend or hold.',
    default: 'resend',
    parse: read.oneOf('resend', 'hold'),
  }),
  LEDGER_DAYS: setting({
    doc: 'After so many days the deliveries of a finished issue become totals; which papers each reader has had is kept.',
    default: '90',
    parse: read.wholeNumber(1, 36500),
  }),
  OPERATOR_EMAIL: setting({
    doc: 'Who is told when an issue is held or late, a relay refuses us, a domain refuses our mail, or mails expired.',
    default: '',
    parse: read.optionalAddress,
  }),
  TRUST_PROXY: setting({
    doc: 'Whose X-Forwarded-For says where a visitor comes from: none, loopback, private, or addresses and ranges such as 10.0.0.0/8. The proxy must set the header itself.',
    default: 'loopback',
    parse: read.networks,
  }),
  SIGNUP_PER_ADDRESS: setting({
    doc: 'How many sign-ups one visitor may send: an IPv4 address, or an IPv6 /64.',
    default: '30/h',
    parse: read.rate,
  }),
  SIGNUP_PER_PREFIX: setting({
    doc: 'How many sign-ups one network may send: an IPv4 /24, or an IPv6 /48.',
    default: '100/h',
    parse: read.rate,
  }),
  SIGNUP_TOTAL: setting({
    doc: 'How many sign-ups are taken at all.',
    default: '2000/h',
    parse: read.rate,
  }),
  SIGNUP_CALM: setting({
    doc: 'How many sign-ups are taken before a proof of work is asked for.',
    default: '200/h',
    parse: read.rate,
  }),
  SIGNUP_PLAIN: setting({
    doc: 'How many are then still taken from browsers without JavaScript, which cannot give one.',
    default: '30/h',
    parse: read.rate,
  }),
  PROOF_OF_WORK: setting({
    doc: 'When the sign-up asks for a proof of work: auto (above SIGNUP_CALM), always or off.',
    default: 'auto',
    parse: read.oneOf('auto', 'always', 'off'),
  }),
  MX_LOOKUP: setting({
    doc: 'Whether the sign-up asks the DNS if the domain of an address takes mail.',
    default: 'false',
    parse: read.yesOrNo,
  }),
  SECRET: setting({
    doc: 'Signs the links in mails. None: one is made at the first start and kept in the database.',
    default: '',
    parse: read.optionalText,
    secret: true,
  }),
  API_TOKENS: setting({
    doc: 'Tokens for /api/v1, at least 20 characters each, several with commas between them. None: the API is closed.',
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
    doc: 'Signs what is posted to WEBHOOK_URLS (Standard Webhooks). Needed with them.',
    default: '',
    parse: read.optionalText,
    secret: true,
  }),
  LOG_LEVEL: setting({
    doc: 'How much is logged to standard error.',
    default: 'info',
    parse: read.oneOf('silent', 'error', 'warn', 'info', 'debug'),
  }),
};
