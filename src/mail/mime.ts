import MailComposer from 'nodemailer/lib/mail-composer';
import { encode, wrap } from 'nodemailer/lib/qp';
import { domainOf, parseAddress } from '../domain/address.ts';
import { Fault } from '../domain/fault.ts';
import type { Message } from '../domain/message.ts';
import type { Instant } from '../domain/time.ts';
import { echoFields } from './echo-headers.ts';
import type { Letterhead } from './letterhead.ts';
import { plainText } from './plain-text.ts';

/** A mail before it is put together. Its two bodies are quoted-printable already. */
export type Mail = {
  readonly letterhead: Letterhead;
  readonly to: string;
  /** Where the mail goes when it cannot be delivered; else to From. */
  readonly returnPath?: string;
  readonly subject: string;
  readonly date: Instant;
  /** Its tag, or 32 hex digits that are this mail's alone, and the same at each attempt to send it. */
  readonly key: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string | PreparedHeader>>;
};

/** A value that is ready for the wire; `foldLines` where it may be broken at its spaces. */
export type PreparedHeader = {
  readonly prepared: true;
  readonly value: string;
  readonly foldLines?: boolean;
};

/**
 * Encodes a mail by nodemailer's composer: multipart/alternative, text first, quoted-printable. The
 * same mail gives the same bytes.
 * @throws Fault SUBSCRIBER_INVALID when the address is not one
 */
export async function encodeMail(mail: Mail): Promise<Message> {
  const to = recipientOf(mail.to);
  const { letterhead } = mail;
  const { fromName = letterhead.newsletterName, replyTo } = letterhead;
  const messageId = `<${mail.key}@${domainOf(letterhead.from)}>`;
  const composer = new MailComposer({
    from: { name: plainText(fromName), address: letterhead.from },
    to: { name: '', address: to },
    ...(replyTo && { replyTo: { ...replyTo, name: plainText(replyTo.name) } }),
    subject: plainText(mail.subject),
    date: new Date(mail.date),
    messageId,
    headers: {
      ...mail.headers,
      ...echoFields(letterhead.echoHeaders ?? [], mail.key),
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, AutoReply',
    },
    text: { raw: part('text/plain', mail.text) },
    html: { raw: part('text/html', mail.html) },
    baseBoundary: mail.key,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const raw = await composer.compile().build();
  return { envelope: { from: mail.returnPath ?? letterhead.from, to }, messageId, raw };
}

/** A finished part: nodemailer would encode the same bytes again for each subscriber. */
function part(type: 'text/plain' | 'text/html', body: string): string {
  return `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${body}`;
}

/** @throws Fault SUBSCRIBER_INVALID */
export function recipientOf(text: string): string {
  const to = parseAddress(text);
  if (to === undefined) throw invalidAddress(text);
  return to;
}

function invalidAddress(address: string): Fault {
  return new Fault(
    'SUBSCRIBER_INVALID',
    `“${plainText(address, 80)}” is not an e-mail address`,
    'Remove this subscriber, or import them again with the right address.',
  );
}

/** Three less than the 76 of RFC 2045: a soft line break fits after any line, and a dot at its beginning may be encoded. */
const LINE = 73;
/** One short line that stands for itself. */
const PLAIN = /^(?:[!-\-/-<>-~][!-<>-~ ]{0,72})?(?<! )$/;

/**
 * A text with CRLF line ends as quoted-printable UTF-8, in lines of at most 75 characters. None begins with a dot, which
 * SMTP would have to double (RFC 5321 §4.5.2) and some relays take out.
 */
export function quotedPrintable(text: string): string {
  return PLAIN.test(text) ? text : wrap(encode(text), LINE).replace(/^\./gm, '=2E');
}
