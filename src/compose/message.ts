import { encodeWord, isPlainText, quoteString } from 'nodemailer/lib/mime-funcs';
import type { Message } from '../domain/message.ts';
import type { Instant } from '../domain/time.ts';
import { digest } from './digest.ts';
import type { Letterhead } from './letterhead.ts';
import { domainOf, encodeMail, type PreparedHeader } from './mime.ts';
import { plainText } from './plain.ts';
import { encodeForReader, readerValues } from './reader-parts.ts';
import type { IssueBody, RenderedIssue } from './render.ts';

/** Whom an issue goes to. The links are absolute and this reader's alone. */
export type Recipient = {
  readonly subscriberId: number;
  readonly email: string;
  readonly unsubscribeUrl: string;
  readonly preferencesUrl: string;
  /** The envelope sender of this one mail, if it has its own. */
  readonly returnPath?: string;
};

export type DeliveryOptions = {
  readonly letterhead: Letterhead;
  /** What the Date header says: the real moment of sending. */
  readonly date: Instant;
  /** The issue with this reader's own picks; without it they get the common one. */
  readonly body?: IssueBody;
};

/**
 * Makes one reader's mail of an issue. Equal arguments give equal bytes, and the Message-ID depends on
 * the issue and the reader only.
 * @throws Fault SUBSCRIBER_INVALID when the address is not one
 */
export function composeDelivery(
  rendered: RenderedIssue,
  reader: Recipient,
  { letterhead, date, body = rendered.common }: DeliveryOptions,
): Promise<Message> {
  const values = readerValues({ ...reader, address: reader.email });
  return encodeMail({
    letterhead,
    to: reader.email,
    ...(reader.returnPath !== undefined && { returnPath: reader.returnPath }),
    subject: body.subject,
    date,
    key: digest([rendered.kind, rendered.date, rendered.hash, reader.subscriberId]).slice(0, 32),
    text: encodeForReader(body.text, values, false),
    html: encodeForReader(body.html, values, true),
    headers: listHeaders(rendered, letterhead, values.unsubscribeUrl),
  });
}

/** RFC 2369, 2919 and 8058, and what Gmail and vacation programs want of bulk mail. */
function listHeaders(rendered: RenderedIssue, letterhead: Letterhead, unsubscribeUrl: string) {
  const label = listLabel(letterhead.from);
  const oneClick = letterhead.siteUrl.startsWith('https:') && unsubscribeUrl.startsWith('https:');
  return {
    'List-Id': listId(letterhead, label),
    'List-Unsubscribe': unsubscribe(letterhead, unsubscribeUrl),
    ...(oneClick ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
    'List-Archive': link(`${letterhead.siteUrl}/issues`),
    'List-Help': link(`${letterhead.siteUrl}/`),
    Precedence: 'bulk',
    'Feedback-ID': `${rendered.date}:${rendered.kind}:${label}:offprint`,
  };
}

/**
 * One field with the page and, where there is a mailbox for it, a mail that says who: the token of the page is its
 * subject. RFC 8058 wants the page to be the only https address, so it can stand first.
 */
function unsubscribe({ unsubscribeAddress }: Letterhead, url: string): PreparedHeader {
  const page = link(url);
  if (unsubscribeAddress === undefined) return page;
  const token = new URL(url).pathname.split('/').at(-1);
  return {
    ...page,
    value: `${page.value}, <mailto:${unsubscribeAddress}?subject=unsubscribe%20${token}>`,
  };
}

/** One line, never folded: some receivers do not find a link that a fold stands before. */
function link(url: string): PreparedHeader {
  return { prepared: true, value: `<${new URL(url).href}>` };
}

function listId(letterhead: Letterhead, label: string): PreparedHeader {
  const name = plainText(letterhead.newsletterName, 100);
  const phrase = isPlainText(name) ? quoteString(name) : encodeWord(name, 'Q', 52);
  return { prepared: true, foldLines: true, value: `${phrase} <${label}.${domainOf(letterhead.from)}>` };
}

/** From the sender's address, so that it stays when the newsletter is renamed. */
function listLabel(from: string): string {
  const local = from.slice(0, from.lastIndexOf('@')).toLowerCase();
  return local.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'papers';
}
