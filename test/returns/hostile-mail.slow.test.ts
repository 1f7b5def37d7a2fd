import { expect, test } from 'vitest';
import { findTag } from '../../src/domain/verp.ts';
import { MOST_BYTES } from '../../src/returns/mail/parse-mail.ts';
import { readMail } from '../../src/returns/mail/read-mail.ts';
import { mailsApart } from '../../src/runtime/limited/mails-apart.ts';
import { dsn } from './bounce.ts';
import { forgedTags } from './forged-tags.ts';

const SECRETS = ['a secret of this newsletter'];

function nested(depth: number): string {
  const open = Array.from(
    { length: depth },
    (_, index) => `Content-Type: multipart/mixed; boundary="n${index}"\r\n\r\n--n${index}\r\n`,
  );
  return `${open.join('')}Content-Type: text/plain\r\n\r\n550 5.1.1\r\n`;
}

function manyParts(count: number): string {
  return `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n\r\n'.repeat(count)}`;
}

const BOMBS: readonly [string, string][] = [
  ['600 nested parts', nested(600)],
  ['200,000 parts', manyParts(200_000)],
  ['a header of 300 kB', `X-Long: ${'x'.repeat(300_000)}\r\n\r\n550 5.1.1`],
  ['a header of 100,000 fields', `${'a: b\r\n'.repeat(100_000)}\r\n`],
  ['5,000 recipients', `To: ${'somebody@example.org, '.repeat(5000)}\r\n\r\n550 5.1.1`],
  ['5,000 To fields', `${'To: somebody@example.org\r\n'.repeat(5000)}\r\n550 5.1.1`],
  ['a subject of encoded words', `Subject: ${'=?utf-8?B?w6Q=?= '.repeat(15_000)}\r\n\r\n`],
  ['NUL bytes', '\0'.repeat(2 * MOST_BYTES)],
  ['line ends alone', '\r'.repeat(2 * MOST_BYTES)],
  ['spaces in a From field', `From: ${' '.repeat(250_000)}@\r\n\r\n`],
];

test('mails that are made to hurt are read or given up within the limits, and the mail after them is read', async () => {
  const { parseMails, close } = mailsApart();
  try {
    const good = Buffer.from(dsn('d-1-1-00000000000000000000'));
    const raws = BOMBS.flatMap(([, raw]) => [Buffer.from(raw), good]);
    const parsed = await parseMails(raws);
    expect(parsed).toHaveLength(raws.length);
    for (const [index, mail] of parsed.entries()) {
      if (index % 2 === 1) expect(mail?.type).toBe('multipart/report');
      if (mail === undefined) continue;
      const { about } = readMail(SECRETS, mail, { leaveAddress: 'leave@papers.example.org' });
      expect(about).toBeUndefined();
    }
  } finally {
    close();
  }
});

test('none of 100,000 random tags is taken', () => {
  expect(forgedTags(100_000).filter((tag) => findTag(SECRETS, tag))).toEqual([]);
});
