import { DEFAULT_ACCENT } from '../domain/accent.ts';
import { SUMMARIES } from '../domain/summary.ts';
import * as read from './parsers.ts';
import { setting } from './setting.ts';

/** What a mail looks like, whose name it bears, and how it leaves. */
export const MAIL_SETTINGS = {
  NEWSLETTER_NAME: setting({
    doc: 'The name in the masthead, the From header and the page titles.',
    default: 'Offprint',
    parse: read.text,
  }),
  MAIL_FROM: setting({
    doc: 'The address that mails come from, or a name and the address: The Papers <papers@example.org>. Without a name, NEWSLETTER_NAME is used. Default: newsletter@ the host of SITE_URL.',
    default: '',
    parse: read.optionalMailbox,
  }),
  MAIL_REPLY_TO: setting({
    doc: 'Where replies go, if not to MAIL_FROM: an address, or a name and the address.',
    default: '',
    parse: read.optionalMailbox,
  }),
  LANGUAGE: setting({
    doc: 'The language of pages and mails, for readers who have chosen none: en, de, or another of templates/lang. Papers stay as they are.',
    default: 'en',
    parse: read.text,
  }),
  THEME: setting({
    doc: 'How the mails look: plain, journal, card or brief. See docs/templates.md.',
    default: 'journal',
    parse: read.oneOf('plain', 'journal', 'card', 'brief'),
  }),
  NEWSLETTER_TAGLINE: setting({
    doc: 'One line that says what the newsletter is, for pages and mails.',
    default: '',
    parse: read.optionalText,
  }),
  ACCENT: setting({
    doc: 'The colour of links, rules and the sign-up, on pages and in mails: #rrggbb. It is made darker or lighter where it could not be read.',
    default: DEFAULT_ACCENT,
    parse: read.colour,
  }),
  LOGO: setting({
    doc: 'A picture beside the name, on pages and in mails: a file that ends in .png, .jpg, .gif, .webp or .svg (pages only).',
    default: '',
    parse: read.optionalText,
  }),
  TEMPLATES: setting({
    doc: 'A folder with your own templates: its files replace those of the theme, those in its web/ the pages, and about.md, privacy.md and imprint.md become pages. See docs/templates.md.',
    default: '',
    parse: read.optionalText,
  }),
  THUMBNAILS: setting({
    doc: 'Whether a picture of each pick is copied to the database when an issue is frozen, and shown from SITE_URL: all on the pages, that of the first pick in mails: on or off.',
    default: 'off',
    parse: read.onOrOff,
  }),
  SUMMARIES: setting({
    doc: 'What stands under each title in mails and on pages: source (what the source says that the paper does, under its name, otherwise the sentences of the abstract that say it), extract (always those sentences) or off.',
    default: 'source',
    parse: read.oneOf(...SUMMARIES),
  }),
  SUBJECT_STYLE: setting({
    doc: 'What a subject is made of: picks (the title of the first pick and how many more there are), first (the title alone), dated (the day, then the title).',
    default: 'picks',
    parse: read.oneOf('picks', 'first', 'dated'),
  }),
  POSTAL_ADDRESS: setting({
    doc: 'Shown at the foot of each mail; many countries require it by law in bulk mail.',
    default: '',
    parse: read.optionalText,
  }),
  SMTP_URL: setting({
    doc: 'The relays that send the mails, as smtp://USER:PASSWORD@HOST:PORT or smtps://…, in order of preference, separated by commas: while one refuses us the next takes over. Characters such as % / # ? @ in the password must be percent-encoded. Empty: mails are written as .eml files to outbox/ next to the database.',
    default: '',
    parse: read.smtpUrls,
    secret: true,
  }),
  SMTP_CONNECTIONS: setting({
    doc: 'The maximum number of connections to a relay, which is also how many mails a crash can leave in doubt.',
    default: '5',
    parse: read.wholeNumber(1, 100),
  }),
  SEND_RATE: setting({
    doc: 'The maximum number of mails to start in any second, hour or day, over all processes: 20/s, 5000/h, 50000/d. Empty: as fast as the relay accepts them.',
    default: '',
    parse: read.rates,
  }),
  DKIM_DOMAIN: setting({
    doc: 'The domain that mails are signed for (DKIM); with DKIM_SELECTOR and DKIM_KEY_FILE. Empty: the relay signs. See docs/mail.md.',
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
};
