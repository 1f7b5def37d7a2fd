import type { Words } from '../domain/language.ts';
import type { Message } from '../domain/message.ts';
import type { Instant } from '../domain/time.ts';
import { digest } from './digest.ts';
import { tidyText } from './fragment-cache.ts';
import type { Letterhead } from './letterhead.ts';
import type { MailTemplates } from './mail-templates.ts';
import { encodeMail, quotedPrintable } from './mime.ts';
import { plainText } from './plain-text.ts';
import { ownLink } from './subscriber-parts.ts';
import { mailView } from './view.ts';

/**
 * A mail that belongs to no issue. `confirm`: please confirm that you want the newsletter. `known`:
 * somebody signed up with your address, and you have the newsletter already. `address`: confirm that it shall
 * come to this address from now on. `erase`: confirm that all that is known of you goes. `manage`: the link, freshly
 * mailed, to what only the owner of an address may do. `leave`: the link by which they leave, because a mail in their
 * name asked for it. `operator`: what whoever runs the newsletter must know, the
 * first line being the subject.
 */
export type Notice =
  | { readonly kind: 'confirm'; readonly confirmUrl: string }
  | { readonly kind: 'known'; readonly preferencesUrl: string; readonly unsubscribeUrl: string }
  | { readonly kind: 'address'; readonly confirmUrl: string }
  | { readonly kind: 'erase'; readonly eraseUrl: string }
  | { readonly kind: 'manage'; readonly manageUrl: string }
  | { readonly kind: 'leave'; readonly unsubscribeUrl: string }
  | { readonly kind: 'operator'; readonly text: string };

export type NoticeOptions = {
  readonly letterhead: Letterhead;
  /** What the Date header says. */
  readonly date: Instant;
  /** Names this one notice for ever (its row, say): without a tag the Message-ID is made from it. */
  readonly id: number | string;
  /** The envelope sender of this one mail, if it has its own. */
  readonly returnPath?: string;
  /** Names this mail wherever it comes back; see `mailTag`. */
  readonly tag?: string;
  /** The subscriber's, by its code; without one it is the newsletter's. */
  readonly language?: string;
};

/**
 * Makes a notice. It holds no word of whoever filled the form in, and has no List headers.
 * @throws Fault SUBSCRIBER_INVALID when the address is not one
 */
export function composeNotice(
  templates: MailTemplates,
  email: string,
  notice: Notice,
  { letterhead, date, id, returnPath, tag, language = '' }: NoticeOptions,
): Promise<Message> {
  const words = templates.languages.of(language || (letterhead.language ?? ''));
  const { subject, preheader } = inboxLines(notice, letterhead.newsletterName, words);
  const view = { ...mailView(letterhead, words, subject, preheader), ...noticeView(notice) };
  return encodeMail({
    letterhead,
    to: email,
    ...(returnPath !== undefined && { returnPath }),
    subject,
    date,
    key: tag ?? digest(['notice', notice.kind, id]).slice(0, 32),
    text: encoded(tidyText(templates.notice.text(view))),
    html: encoded(templates.notice.html(view)),
    headers: {},
  });
}

function inboxLines(notice: Notice, newsletter: string, { say }: Words) {
  if (notice.kind === 'operator') {
    const [first = '', ...rest] = operatorLines(notice.text);
    return { subject: `${newsletter}: ${first}`, preheader: rest.join(' ').slice(0, 120) };
  }
  return {
    subject: say(`notice.${notice.kind}.subject`, { newsletter }),
    preheader: say(`notice.${notice.kind}.preheader`),
  };
}

/** Every name is there for every kind, because a template asks for `confirm` to know which it is. */
function noticeView(notice: Notice) {
  const none = {
    confirm: false,
    known: false,
    address: false,
    erase: false,
    manage: false,
    leave: false,
    operator: false,
    /** Where the one button leads; empty when there is none. */
    actionUrl: '',
    preferencesUrl: '',
    unsubscribeUrl: '',
    headline: '',
    lines: [] as string[],
  };
  const view = { ...none, [notice.kind]: true };
  switch (notice.kind) {
    case 'operator': {
      const [headline = '', ...lines] = operatorLines(notice.text);
      return { ...view, headline, lines };
    }
    case 'known':
      return {
        ...view,
        preferencesUrl: ownLink(notice.preferencesUrl),
        unsubscribeUrl: ownLink(notice.unsubscribeUrl),
      };
    case 'erase':
      return { ...view, actionUrl: ownLink(notice.eraseUrl) };
    case 'leave':
      return { ...view, actionUrl: ownLink(notice.unsubscribeUrl) };
    case 'manage':
      return { ...view, actionUrl: ownLink(notice.manageUrl) };
    default:
      return { ...view, actionUrl: ownLink(notice.confirmUrl) };
  }
}

/** Errors of other programs are quoted in it: as plain, short lines. */
function operatorLines(text: string): string[] {
  return text.split('\n').map((line) => plainText(line, 400));
}

function encoded(text: string): string {
  return quotedPrintable(text.replace(/\r\n?|\n/g, '\r\n'));
}
