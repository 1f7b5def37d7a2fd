import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findTag } from '../../src/domain/verp.ts';
import { MOST_BYTES, parseMail, parseMailsHere } from '../../src/returns/mail/parse-mail.ts';
import { readMail } from '../../src/returns/mail/read-mail.ts';
import { dsn } from './bounce.ts';
import { forgedTags } from './forged-tags.ts';

const SECRETS = ['a secret of this newsletter'];

/** Pieces of returned mails, so that random bytes get past the header. */
const PIECES = [
  'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\r\n',
  'Content-Type: multipart/mixed; boundary=b1\n',
  'Content-Type: message/delivery-status\r\n',
  'Content-Type: message/feedback-report\r\n',
  'Content-Type: text/rfc822-headers\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Transfer-Encoding: quoted-printable\r\n',
  'Return-Path: <>\r\n',
  'Auto-Submitted: auto-replied\r\n',
  'X-Apple-Unsubscribe: true\r\n',
  'Subject: unsubscribe =?utf-8?B?////?=\r\n',
  'From: "a" <a@example.org>, b@example.org\r\n',
  'To: leave@papers.example.org\r\n',
  'Date: Wed, 99 Aug 99999 05:01:00 +9999\r\n',
  'Diagnostic-Code: smtp; 550 5.1.1\r\n',
  'Feedback-Type: abuse\r\n',
  'Action: failed\r\n',
  'Status: 5.1.1\r\n',
  '\r\n',
  '\r\n--b1\r\n',
  '\r\n--b1--\r\n',
  '\0',
  'Ä\xff',
];

const bytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(...PIECES).map((text) => Buffer.from(text)),
      fc.uint8Array(),
    ),
  )
  .map((pieces) => Buffer.concat(pieces));

test('any bytes are a mail or none, and never about a mail of ours', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, async (raw) => {
      const [mail] = await parseMailsHere([raw]);
      if (mail === undefined) return;
      const { about, detail, status } = readMail(SECRETS, mail, { leaveAddress: 'leave@papers.example.org' });
      expect(about === undefined || 'askedBy' in about).toBe(true);
      expect(detail.length).toBeLessThanOrEqual(MOST_BYTES);
      expect(status).toMatch(/^([245]\.\d{1,3}\.\d{1,3})?$/);
    }),
  );
});

test('a mail with any byte changed is read without an error', async () => {
  const good = Buffer.from(dsn('d-1-1-00000000000000000000'));
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, byte) => {
      const changed = Buffer.from(good);
      changed[at] = byte;
      const mail = await parseMail(changed);
      expect(readMail(SECRETS, mail).about).toBeUndefined();
    }),
  );
});

test('nothing beyond the first 256 kB of a mail is read', async () => {
  const long = `${dsn('no-tag')}${'x'.repeat(MOST_BYTES)}\r\n`;
  const mail = await parseMail(Buffer.from(long));
  const total = mail.parts.reduce((sum, { text }) => sum + text.length, 0);
  expect(total).toBeLessThanOrEqual(MOST_BYTES);
});

test('no random tag is taken', () => {
  expect(forgedTags(10_000).filter((tag) => findTag(SECRETS, tag))).toEqual([]);
});
