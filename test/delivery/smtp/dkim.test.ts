import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSigner, type Signer, verifies } from '../../../src/delivery/smtp/dkim.ts';
import { signing } from '../../../src/delivery/smtp/signing.ts';
import type { Message } from '../../../src/domain/message.ts';
import { makeDkimKey } from '../../support/dkim-key.ts';
import { mailTo } from '../mail.ts';

const { privateKey, publicKey } = makeDkimKey();
const sign = createSigner({ domain: 'example.org', selector: 's1', key: privateKey });

const HEADER = [
  'From: Papers <papers@example.org>',
  'To: ada@example.org',
  'Subject: Two  spaces\tand a tab',
  'List-Unsubscribe: <https://papers.example.org/unsubscribe/1.abc>',
  'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
];
const mail = (body: string, header = HEADER) => Buffer.from(`${header.join('\r\n')}\r\n\r\n${body}`);

/** The tags of the signature, unfolded and without spaces. */
function tags(signed: Buffer): Record<string, string> {
  const [field = ''] = signed.toString('latin1').split(/\r\n(?![ \t])/);
  const parts = field.replace(/^DKIM-Signature:/, '').split(';');
  return Object.fromEntries(
    parts.map((tag) => [tag.split('=')[0]?.trim(), tag.slice(tag.indexOf('=') + 1).replace(/\s/g, '')]),
  );
}

test('a message gets one field before its own bytes, in lines of at most 76', async () => {
  const raw = mail('Hello.\r\n');
  const signed = await sign(raw);
  expect(signed.subarray(-raw.length).equals(raw)).toBe(true);
  const field = signed.subarray(0, -raw.length).toString('latin1');
  expect(field).toMatch(/^DKIM-Signature: [^\r\n]+(\r\n [^\r\n]+)+\r\n$/);
  expect(Math.max(...field.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(76);
  expect(tags(signed)).toMatchObject({
    v: '1',
    a: 'rsa-sha256',
    c: 'relaxed/simple',
    d: 'example.org',
    s: 's1',
  });
  expect(tags(signed)).not.toHaveProperty('l');
});

test('the signature covers what RFC 8058 and Gmail want, and a second field of each name', async () => {
  const names =
    tags(await sign(mail('Hello.\r\n')))
      .h?.toLowerCase()
      .split(':') ?? [];
  const times = (name: string) => names.filter((one) => one === name).length;
  for (const name of ['from', 'to', 'subject', 'list-unsubscribe', 'list-unsubscribe-post']) {
    expect(times(name)).toBe(2);
  }
  for (const name of ['date', 'message-id', 'list-id', 'feedback-id', 'mime-version', 'reply-to', 'cc']) {
    expect(times(name)).toBe(1);
  }
});

test('it verifies until a byte that counts is changed', async () => {
  const signed = (await sign(mail('Hello  there.\r\n\r\nBye.\r\n'))).toString('latin1');
  const holds = (text: string) => verifies(Buffer.from(text, 'latin1'), publicKey);
  expect(holds(signed)).toBe(true);
  expect(holds(`${signed}\r\n\r\n`)).toBe(true);
  expect(holds(signed.replace('Subject: Two  spaces', 'SUBJECT:  Two spaces'))).toBe(true);
  expect(holds(signed.replace('Hello', 'Hallo'))).toBe(false);
  expect(holds(signed.replace('Bye.', 'Bye. '))).toBe(false);
  expect(holds(signed.replace('unsubscribe/1.', 'unsubscribe/2.'))).toBe(false);
  expect(holds(signed.replace('=One-Click', '=Two-Clicks'))).toBe(false);
  expect(holds(signed.replace('From: Papers', 'From: Eve <eve@example.net>\r\nFrom: Papers'))).toBe(false);
  expect(holds(signed.replace('Subject:', 'List-Id: <other.example.org>\r\nSubject:'))).toBe(false);
  expect(verifies(Buffer.from(signed, 'latin1'), makeDkimKey().publicKey)).toBe(false);
});

test('whatever the body, its hash is that of what stands there with one line end at its end', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', ' ', '\t', '=', '.', '-'), maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.boolean(), async (lines, ended) => {
      const body = lines.join('\r\n') + (ended ? '\r\n' : '');
      const canonical = `${body.replace(/(\r\n)*$/, '')}\r\n`;
      const { bh } = tags(await sign(mail(body)));
      expect(bh).toBe(createHash('sha256').update(canonical).digest('base64'));
    }),
  );
});

test('a transport that signs hands on signed bytes, and never a mail that could not be signed', async () => {
  const sent: Message[] = [];
  const inner = {
    name: 'inner',
    connections: 1,
    send: async (message: Message) => {
      sent.push(message);
      return { kind: 'accepted' as const, reply: '250 ok' };
    },
    close: async () => {},
  };
  const send = (signer: () => Promise<Signer | undefined>) =>
    signing(inner, signer).send(mailTo('a@example.org'));
  await send(async () => sign);
  await send(async () => undefined);
  expect(sent.map(({ raw }) => raw.toString('latin1', 0, 4))).toEqual(['DKIM', 'To: ']);
  const broken = await send(() => Promise.reject(new Error('no key')));
  expect(broken).toEqual({ kind: 'route', reply: 'the mail cannot be signed: no key' });
  expect(sent).toHaveLength(2);
});
