import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { Fault } from '../../src/domain/fault.ts';
import { composeDelivery } from '../../src/mail/compose-message.ts';
import type { Letterhead } from '../../src/mail/letterhead.ts';
import { compileTemplates } from '../../src/mail/mail-templates.ts';
import { quotedPrintable } from '../../src/mail/mime.ts';
import { renderIssue } from '../../src/mail/render.ts';
import { subscriberValues, textForSubscriber } from '../../src/mail/subscriber-parts.ts';
import { FILES, letterhead, makeCsvSubscriber, makeIssue, makePaper, rank, SENT } from './support.ts';

const templates = await compileTemplates(FILES);
const rendered = renderIssue(templates, makeIssue(), letterhead);

const compose = (id: number, head: Letterhead = letterhead, issue = rendered) =>
  composeDelivery(issue, makeCsvSubscriber(id), { letterhead: head, date: SENT });

/** The header fields as they stand on the wire, unfolded. */
function headers(raw: Buffer): string[] {
  const [head = ''] = raw.toString('latin1').split('\r\n\r\n');
  return head.replace(/\r\n[ \t]/g, ' ').split('\r\n');
}

test('a delivery has the headers that bulk mail needs, each once', async () => {
  const message = await compose(7);
  const fields = headers(message.raw);
  const names = fields.map((field) => field.split(':')[0]?.toLowerCase());
  expect(new Set(names).size).toBe(names.length);
  expect(fields).toEqual(
    expect.arrayContaining([
      'From: The Morning Offprint <papers@news.example.org>',
      'To: reader7@example.com',
      'Reply-To: editor@example.org',
      'Subject: Lanternfish: A Small Model That Learns Where to Look in the Dark + 9',
      'Date: Wed, 19 Aug 2026 07:00:03 +0000',
      `Message-ID: ${message.messageId}`,
      `List-Unsubscribe: <${makeCsvSubscriber(7).unsubscribeUrl}>`,
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      'List-ID: "The Morning Offprint" <papers.news.example.org>',
      'List-Archive: <https://news.example.org/issues>',
      'List-Help: <https://news.example.org/>',
      'Auto-Submitted: auto-generated',
      'Precedence: bulk',
      'X-Auto-Response-Suppress: OOF, AutoReply',
      'Feedback-ID: 2026-08-19:daily:papers:offprint',
      'MIME-Version: 1.0',
    ]),
  );
  expect(message.messageId).toMatch(/^<[0-9a-f]{32}@news\.example\.org>$/);
  expect(message.envelope).toEqual({ from: 'papers@news.example.org', to: 'reader7@example.com' });
});

test('a mailbox for unsubscribing stands after the link in the same field', async () => {
  const fields = headers((await compose(7, { ...letterhead, unsubscribeAddress: 'leave@example.org' })).raw);
  const token = makeCsvSubscriber(7).unsubscribeUrl.split('/').at(-1);
  expect(fields.filter((field) => field.startsWith('List-Unsubscribe:'))).toEqual([
    `List-Unsubscribe: <${makeCsvSubscriber(7).unsubscribeUrl}>, <mailto:leave@example.org?subject=unsubscribe%20${token}>`,
  ]);
});

test('an envelope sender of its own changes no byte of the mail', async () => {
  const subscriber = { ...makeCsvSubscriber(7), returnPath: 'bounces+d-1-7-abc@news.example.org' };
  const { envelope, raw } = await composeDelivery(rendered, subscriber, { letterhead, date: SENT });
  expect(envelope).toEqual({ from: subscriber.returnPath, to: 'reader7@example.com' });
  expect(raw.equals((await compose(7)).raw)).toBe(true);
});

test('without https there is no one-click header, and the link stays', async () => {
  const plain = { ...letterhead, siteUrl: 'http://localhost:3000' };
  const subscriber = { ...makeCsvSubscriber(1), unsubscribeUrl: 'http://localhost:3000/unsubscribe/x' };
  const fields = headers(
    (await composeDelivery(rendered, subscriber, { letterhead: plain, date: SENT })).raw,
  );
  expect(fields).toContain('List-Unsubscribe: <http://localhost:3000/unsubscribe/x>');
  expect(fields.join('\n')).not.toContain('List-Unsubscribe-Post');
});

test('the body is text then HTML, quoted-printable, in CRLF lines of at most 76', async () => {
  const { raw } = await compose(1);
  const wire = raw.toString('latin1');
  expect(wire.replaceAll('\r\n', '')).not.toMatch(/[\r\n]|[^\t -~]/);
  const lines = wire.split('\r\n').filter((line) => !line.startsWith('List-Unsubscribe:'));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(76);
  const types = [...wire.matchAll(/^Content-(?:Type|Transfer-Encoding): (.*)$/gm)].map((match) =>
    match[1]?.trim(),
  );
  expect(types).toEqual([
    'multipart/alternative;',
    'text/plain; charset=utf-8',
    'quoted-printable',
    'text/html; charset=utf-8',
    'quoted-printable',
  ]);
});

test('no line of a body begins with a dot, whatever stands there, and a decoder reads it all', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('.', ' ', 'x', '=', '\r\n', 'ü', '..word ') }), (text) => {
      const encoded = quotedPrintable(text);
      for (const line of encoded.split('\r\n')) expect(line).toMatch(/^(?![.]).{0,75}$/);
      const decoded = encoded
        .replaceAll('=\r\n', '')
        .replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString());
      expect(decoded).toBe(text);
    }),
  );
});

test('a mail program reads the two parts as they were rendered', async () => {
  const title = 'نموذج — “$60 GPUs” = <think> R&D 🦊 黑暗中学习';
  const issue = renderIssue(templates, makeIssue(rank(makePaper({ title }))), letterhead);
  const mail = await simpleParser((await compose(3, letterhead, issue)).raw);
  const values = subscriberValues({ ...makeCsvSubscriber(3), address: 'reader3@example.com' });
  const read = (text: string) => text.replace(/\r\n/g, '\n').trim();
  expect(read(mail.text ?? '')).toBe(read(textForSubscriber(issue.common.text, values, false)));
  expect(read(mail.html || '')).toBe(read(textForSubscriber(issue.common.html, values, true)));
  expect(mail.subject).toBe('نموذج — “$60 GPUs” = <think> R&D 黑暗中学习');
});

test('the same input gives the same bytes: what is previewed is what is sent', async () => {
  const again = renderIssue(await compileTemplates(FILES), makeIssue(), letterhead);
  const [one, two] = [await compose(5), await compose(5, letterhead, again)];
  expect(two.raw.equals(one.raw)).toBe(true);
});

test('the Message-ID is the same at a later attempt, and another for another issue or reader', async () => {
  const later = await composeDelivery(rendered, makeCsvSubscriber(5), { letterhead, date: SENT + 600_000 });
  const { messageId } = await compose(5);
  expect(later.messageId).toBe(messageId);
  expect((await compose(6)).messageId).not.toBe(messageId);
  const other = renderIssue(templates, makeIssue(undefined, true), letterhead);
  expect((await compose(5, letterhead, other)).messageId).not.toBe(messageId);
});

test("two readers' mails differ only in To, Message-ID, boundary and their own links", async () => {
  const neutral = async (id: number) => {
    const { raw, messageId } = await compose(id);
    const key = messageId.slice(1, 33);
    const wire = raw.toString('latin1').replaceAll('=\r\n', '').replaceAll('=3D', '=');
    const { email, unsubscribeUrl, preferencesUrl, feedbackUrl } = makeCsvSubscriber(id);
    return [email, unsubscribeUrl, preferencesUrl, feedbackUrl, key].reduce(
      (text, own) => text.replaceAll(own, 'OWN'),
      wire,
    );
  };
  const [one, two] = [await neutral(1), await neutral(22)];
  expect(two).toBe(one);
});

test('no line break or NUL reaches a header from a name, a title or an address', async () => {
  const evil = 'Lamp\r\nBcc: evil@example.net\r\n\r\n\u0000<b>';
  const issue = renderIssue(
    templates,
    { ...makeIssue(rank(makePaper({ title: evil }))), subject: evil },
    letterhead,
  );
  const { raw } = await compose(
    1,
    { ...letterhead, newsletterName: evil, replyTo: { name: evil, address: evil } },
    issue,
  );
  expect(headers(raw).filter((field) => /^bcc:/i.test(field))).toEqual([]);
  expect(raw.includes(0)).toBe(false);
  expect((await simpleParser(raw)).subject).toBe('Lamp Bcc: evil@example.net <b>');
  const subscriber = { ...makeCsvSubscriber(1), email: 'x@example.net\r\nBcc: evil@example.net' };
  const refused = await composeDelivery(rendered, subscriber, { letterhead, date: SENT }).catch(
    (error) => error,
  );
  expect(refused).toBeInstanceOf(Fault);
});

test('a name beyond ASCII is encoded in From and List-Id', async () => {
  const { raw } = await compose(1, { ...letterhead, newsletterName: 'Überblick "heute" 論文' });
  const mail = await simpleParser(raw);
  expect(mail.from?.value[0]).toEqual({ name: 'Überblick "heute" 論文', address: 'papers@news.example.org' });
  expect(headers(raw).find((field) => field.startsWith('List-ID:'))).toMatch(
    /^List-ID: (=\?UTF-8\?Q\?[^ ]+\?= )+<papers\.news\.example\.org>$/,
  );
});
