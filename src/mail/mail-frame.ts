import MailComposer from 'nodemailer/lib/mail-composer';
import { foldLines } from 'nodemailer/lib/mime-funcs';
import { domainOf } from '../domain/address.ts';
import type { Message, ReusableBuffer } from '../domain/message.ts';
import type { Letterhead } from './letterhead.ts';
import { encodeMail, type Mail, recipientOf } from './mime.ts';
import { plainText } from './plain-text.ts';

/** Stands in a frame for the value of List-Unsubscribe. */
export const UNSUBSCRIBE_SLOT = 'slot-unsubscribe';

/** What differs between the mails of one issue. The two bodies are finished pieces. */
type OwnMail = Pick<Mail, 'to' | 'returnPath' | 'subject' | 'date' | 'key'> & {
  readonly text: readonly Buffer[];
  readonly html: readonly Buffer[];
  /** The value of List-Unsubscribe, ready for the wire. */
  readonly unsubscribe: string;
};

/**
 * Makes one subscriber's mail: the same bytes as `encodeMail` would, by a join.
 * @param buffer where the bytes go; without it into memory of their own
 * @throws Fault SUBSCRIBER_INVALID
 */
export type MailFrame = (own: OwnMail, buffer?: ReusableBuffer) => Message;

const STAND_IN = {
  to: 'slot-to@slot.invalid',
  subject: 'slot-subject',
  date: 0,
  key: 'd9b1f1c0a6e84b7d93d2c5a47e60f318',
  text: 'slot-text',
  html: 'slot-html',
};
/** Whole lines, so that nothing that stands in a letterhead is taken for one; the key wherever it is. */
const SLOTS = new RegExp(
  `^To: ${STAND_IN.to}$|^Subject: ${STAND_IN.subject}\\n|^Date: Thu, 01 Jan 1970 00:00:00 \\+0000$|^List-Unsubscribe: ${UNSUBSCRIBE_SLOT}$|^${STAND_IN.text}$|^${STAND_IN.html}$|${STAND_IN.key}`,
  'gm',
);
/** So many subjects are kept encoded: subscribers' own picks make many, a few of them common. */
const MOST_SUBJECTS = 5000;

/**
 * What is the same in all mails of an issue, encoded once by nodemailer's composer: per mail it would take longer than
 * all else.
 */
export async function prepareFrame(letterhead: Letterhead, headers: Mail['headers']): Promise<MailFrame> {
  const { raw } = await encodeMail({ letterhead, headers, ...STAND_IN });
  const wire = raw.toString('latin1').replaceAll('\r\n', '\n');
  const literals = wire.split(SLOTS).map((literal) => literal.replaceAll('\n', '\r\n'));
  const slots = (wire.match(SLOTS) ?? []).map((slot) => slot.replace(/:.*/s, ''));
  const subjects = new Map<string, string>();
  const domain = domainOf(letterhead.from);
  return (own, buffer) => {
    const to = recipientOf(own.to);
    const pieces: Buffer[] = [];
    let words = literals[0] ?? '';
    for (let at = 0; at < slots.length; at += 1) {
      const slot = slots[at];
      const literal = literals[at + 1] ?? '';
      if (slot === STAND_IN.text || slot === STAND_IN.html) {
        pieces.push(Buffer.from(words, 'latin1'), ...(slot === STAND_IN.text ? own.text : own.html));
        words = literal;
      } else words += fieldOf(slot, own, to, subjects) + literal;
    }
    pieces.push(Buffer.from(words, 'latin1'));
    return {
      envelope: { from: own.returnPath ?? letterhead.from, to },
      messageId: `<${own.key}@${domain}>`,
      raw: buffer?.join(pieces) ?? Buffer.concat(pieces),
      wireReady: true,
    };
  };
}

/** What stands in the place of a slot: a field of the header, or the mail's key. */
function fieldOf(slot: string | undefined, own: OwnMail, to: string, subjects: Map<string, string>): string {
  if (slot === STAND_IN.key) return own.key;
  if (slot === 'To') return foldLines(`To: ${to}`, 76);
  if (slot === 'Subject') return subjectField(subjects, own.subject);
  if (slot === 'List-Unsubscribe') return `List-Unsubscribe: ${own.unsubscribe}`;
  return `Date: ${new Date(own.date).toUTCString().replace('GMT', '+0000')}`;
}

function subjectField(known: Map<string, string>, subject: string): string {
  const field = known.get(subject) ?? encodeSubject(subject);
  if (known.size > MOST_SUBJECTS) known.clear();
  known.set(subject, field);
  return field;
}

/** As the composer writes it, with its line end; nothing when there is nothing to write. */
function encodeSubject(subject: string): string {
  const headers = new MailComposer({ subject: plainText(subject) }).compile().buildHeaders();
  const field = /^Subject: .*(?:\r\n[ \t].*)*/m.exec(headers)?.[0];
  return field ? `${field}\r\n` : '';
}
