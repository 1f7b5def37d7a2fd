import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAddress } from '../../src/domain/address.ts';
import { Fault } from '../../src/domain/fault.ts';
import { createReusableBuffer } from '../../src/domain/message.ts';
import { listHeaders } from '../../src/mail/list-headers.ts';
import { prepareFrame } from '../../src/mail/mail-frame.ts';
import { encodeMail, quotedPrintable } from '../../src/mail/mime.ts';
import { letterhead, makeIssue, SENT } from './support.ts';

const local = fc.stringMatching(/^[\w!#$%&'*+/=?^`{|}~-]{1,60}(\.[\w+-]{1,3})?$/);
const address = fc
  .tuple(local, fc.domain())
  .map(([name, domain]) => `${name}@${domain}`)
  .filter((text) => parseAddress(text) !== undefined);
const own = fc.record({
  to: address,
  subject: fc.string({ unit: 'grapheme', maxLength: 200 }),
  date: fc.integer({ min: 0, max: SENT }),
  key: fc.stringMatching(/^[0-9a-f]{32}$/),
  text: fc.string({ maxLength: 200 }).map(quotedPrintable),
  html: fc.string({ maxLength: 200 }).map(quotedPrintable),
});

/** Each body cut somewhere. */
function piecesOf({ text, html }: { text: string; html: string }) {
  const cut = (body: string) =>
    [body.slice(0, 3), body.slice(3)].map((piece) => Buffer.from(piece, 'latin1'));
  return { text: cut(text), html: cut(html) };
}

test('a mail of a frame has the bytes that the composer gives it, whatever the reader, the subject and the bodies', async () => {
  const headers = listHeaders(makeIssue(), letterhead, true);
  const unsubscribe = '<https://news.example.org/unsubscribe/1.x>';
  const frame = await prepareFrame(letterhead, headers);
  const whole = { ...headers, 'List-Unsubscribe': { prepared: true as const, value: unsubscribe } };
  await fc.assert(
    fc.asyncProperty(own, async (mail) => {
      const composed = await encodeMail({ letterhead, headers: whole, ...mail });
      const { wireReady, ...made } = frame({ ...mail, ...piecesOf(mail), unsubscribe });
      expect(wireReady).toBe(true);
      expect(made.raw.toString('latin1')).not.toMatch(/^\.|\n\.|\r(?!\n)|(?<!\r)\n/);
      expect(made.raw.toString('latin1')).toBe(composed.raw.toString('latin1'));
      expect(made).toEqual(composed);
    }),
  );
});

test('a letterhead that names the slots of a frame is set like any other', async () => {
  const name = 'slot-subject\nTo: slot-to@slot.invalid slot-text slot-html slot-unsubscribe';
  const head = { ...letterhead, newsletterName: name };
  const headers = listHeaders(makeIssue(), head, true);
  const mail = {
    to: 'ada@example.org',
    subject: 'slot-text',
    date: SENT,
    key: '0'.repeat(32),
    text: 'a',
    html: 'b',
  };
  const frame = await prepareFrame(head, headers);
  const { raw } = frame({ ...mail, ...piecesOf(mail), unsubscribe: 'slot-unsubscribe' });
  expect(raw).toEqual((await encodeMail({ letterhead: head, headers, ...mail })).raw);
});

test('a mail in memory that others were in before has the same bytes, however long they were', async () => {
  const frame = await prepareFrame(letterhead, {});
  const space = createReusableBuffer();
  const mailOf = (words: string) => ({
    to: 'ada@example.org',
    subject: 'One',
    date: SENT,
    key: '0'.repeat(32),
    unsubscribe: '<https://news.example.org/unsubscribe/1.x>',
    ...piecesOf({ text: words, html: words }),
  });
  for (const words of ['short', 'long '.repeat(50_000), 'short again'])
    expect(frame(mailOf(words), space).raw.equals(frame(mailOf(words)).raw)).toBe(true);
});

test('an address that is none is refused', async () => {
  const frame = await prepareFrame(letterhead, {});
  const mail = { subject: '', date: SENT, key: '0'.repeat(32), text: [], html: [], unsubscribe: '' };
  expect(() => frame({ ...mail, to: 'x@example.net\r\nBcc: y@example.net' })).toThrow(Fault);
});
