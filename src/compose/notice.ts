import type { Message } from '../domain/message.ts';
import type { Instant } from '../domain/time.ts';
import { digest } from './digest.ts';
import type { Letterhead } from './letterhead.ts';
import { encodeMail, quotedPrintable } from './mime.ts';
import { plainText } from './plain.ts';
import { ownLink } from './reader-parts.ts';
import { tidyText } from './render.ts';
import type { MailTemplates } from './templates.ts';
import { mailView } from './view.ts';

/**
 * A mail that belongs to no issue. `confirm`: please confirm that you want the newsletter. `known`:
 * somebody signed up with your address, and you have the newsletter already. `manage`, `erase`: the link that you
 * asked for. `address`: confirm that the newsletter is to come to this address from now on. `operator`: what whoever
 * runs the newsletter must know, the first line being the subject.
 */
export type Notice =
  | { readonly kind: 'confirm'; readonly confirmUrl: string }
  | { readonly kind: 'known'; readonly preferencesUrl: string; readonly unsubscribeUrl: string }
  | { readonly kind: 'manage'; readonly manageUrl: string }
  | { readonly kind: 'erase'; readonly eraseUrl: string }
  | { readonly kind: 'address'; readonly confirmUrl: string }
  | { readonly kind: 'operator'; readonly text: string };

export type NoticeOptions = {
  readonly letterhead: Letterhead;
  /** What the Date header says. */
  readonly date: Instant;
  /** Names this one notice for ever (its row, say): the Message-ID is made from it. */
  readonly id: number | string;
};

/**
 * Makes a notice. It holds no word of whoever filled the form in, and has no List headers.
 * @throws Fault SUBSCRIBER_INVALID when the address is not one
 */
export function composeNotice(
  templates: MailTemplates,
  email: string,
  notice: Notice,
  { letterhead, date, id }: NoticeOptions,
): Promise<Message> {
  const { subject, preheader } = inboxLines(notice, letterhead.newsletterName);
  const view = { ...mailView(letterhead, subject, preheader), ...noticeLinks(notice) };
  return encodeMail({
    letterhead,
    to: email,
    subject,
    date,
    key: digest(['notice', notice.kind, id]).slice(0, 32),
    text: encoded(tidyText(templates.notice.text(view))),
    html: encoded(templates.notice.html(view)),
    headers: {},
  });
}

function inboxLines(notice: Notice, name: string) {
  if (notice.kind === 'operator') {
    const [first = '', ...rest] = operatorLines(notice.text);
    return { subject: `${name}: ${first}`, preheader: rest.join(' ').slice(0, 120) };
  }
  return INBOX_LINES[notice.kind](name);
}

const INBOX_LINES = {
  confirm: (name: string) => ({
    subject: `Please confirm that you want ${name}`,
    preheader: 'One click, and the next issue is yours.',
  }),
  known: (name: string) => ({
    subject: `You already get ${name}`,
    preheader: 'Nothing has changed. Your preferences are one click away.',
  }),
  manage: (name: string) => ({
    subject: `Your address and your data at ${name}`,
    preheader: 'The link that you asked for. It works for some hours.',
  }),
  erase: (name: string) => ({
    subject: `Erase your address from ${name}`,
    preheader: 'The link that you asked for. It works for some hours.',
  }),
  address: (name: string) => ({
    subject: `Please confirm your new address for ${name}`,
    preheader: 'One click, and the next issue comes here.',
  }),
};

/** Every name is there for every kind, because a template asks for `confirm` to know which it is. */
function noticeLinks(notice: Notice) {
  const none = {
    confirm: false,
    known: false,
    manage: false,
    erase: false,
    address: false,
    operator: false,
    confirmUrl: '',
    manageUrl: '',
    eraseUrl: '',
    preferencesUrl: '',
    unsubscribeUrl: '',
    headline: '',
    lines: [] as string[],
  };
  if (notice.kind === 'operator') {
    const [headline = '', ...lines] = operatorLines(notice.text);
    return { ...none, operator: true, headline, lines };
  }
  if (notice.kind === 'confirm') return { ...none, confirm: true, confirmUrl: ownLink(notice.confirmUrl) };
  if (notice.kind === 'address') return { ...none, address: true, confirmUrl: ownLink(notice.confirmUrl) };
  if (notice.kind === 'manage') return { ...none, manage: true, manageUrl: ownLink(notice.manageUrl) };
  if (notice.kind === 'erase') return { ...none, erase: true, eraseUrl: ownLink(notice.eraseUrl) };
  return {
    ...none,
    known: true,
    preferencesUrl: ownLink(notice.preferencesUrl),
    unsubscribeUrl: ownLink(notice.unsubscribeUrl),
  };
}

/** Errors of other programs are quoted in it: as plain, short lines. */
function operatorLines(text: string): string[] {
  return text.split('\n').map((line) => plainText(line, 400));
}

function encoded(text: string): string {
  return quotedPrintable(text.replace(/\r\n?|\n/g, '\r\n'));
}
