import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSmtpTransport } from '../../../src/delivery/smtp/smtp.ts';
import type { Transport } from '../../../src/delivery/smtp/transport.ts';
import { DROP, type SmtpServer, type Stage, startSmtpServer } from '../../support/smtp-server.ts';
import { mailTo } from '../mail.ts';

let relay: SmtpServer;
let transport: Transport;

beforeEach(async () => {
  relay = await startSmtpServer();
  transport = createSmtpTransport(relay.url, { connections: 2, helloName: 'papers.example.org' });
});
afterEach(async () => {
  await transport.close();
  await relay[Symbol.asyncDispose]();
});

function answerAt(stage: Stage, reply: string): void {
  relay.follow((moment) => (moment.stage === stage ? reply : undefined));
}

describe('what one attempt comes to', () => {
  test("an accepted mail keeps the server's reply, and its bytes arrive as they were", async () => {
    const mail = mailTo('ada@example.org', 'Subject: dots\r\n\r\n.one\r\n..two\r\nend');
    expect(await transport.send(mail)).toEqual({ kind: 'accepted', reply: '250 2.0.0 queued as 4bQx' });
    expect(relay.mails).toEqual([
      { to: 'ada@example.org', from: 'papers@example.org', raw: expect.any(Buffer) },
    ]);
    expect(relay.mails[0]?.raw.toString().trimEnd()).toBe(mail.raw.toString());
  });

  test.each<[Stage, string, string]>([
    ['connect', '554 5.7.1 blocked', 'route'],
    ['connect', '421 4.3.2 closing', 'route'],
    ['mail', '421 4.7.0 busy', 'route'],
    ['mail', '550 5.7.1 not from you', 'route'],
    ['rcpt', '550 5.1.1 no such mailbox', 'failed'],
    ['rcpt', '450 4.2.0 greylisted', 'deferred'],
    ['rcpt', '421 4.7.0 too many', 'deferred'],
    ['rcpt', '553 5.1.8 bad sender', 'route'],
    ['data', '451 4.3.0 try again', 'deferred'],
    ['end', '550 5.7.26 unauthenticated', 'failed'],
    ['end', '552 5.2.2 full', 'failed'],
    ['end', '452 4.3.1 no room', 'deferred'],
  ])('at %s, %j makes it %s', async (stage, reply, kind) => {
    answerAt(stage, reply);
    expect(await transport.send(mailTo('ada@example.org'))).toMatchObject({ kind, reply });
    expect(relay.mails).toEqual([]);
  });

  test.each<[Stage, string, string]>([
    ['mail', '550 5.1.8 bad sender', 'route'],
    ['mail', '421 4.7.0 busy', 'route'],
    ['rcpt', '550 5.1.1 no such mailbox', 'failed'],
    ['rcpt', '421 4.7.0 too many', 'deferred'],
  ])('a reply at %s, %j, counts also when the server hangs up after it: %s', async (stage, reply, kind) => {
    relay.follow((moment) => {
      if (moment.stage === 'ehlo') return '250-relay.example\r\n250 PIPELINING';
      if (moment.stage === 'data') return DROP;
      return moment.stage === stage ? reply : undefined;
    });
    expect(await transport.send(mailTo('ada@example.org'))).toMatchObject({ kind, reply });
  });

  test('a refused log-in is about us', async () => {
    const url = relay.url.replace('//', '//someone:wrong@');
    const named = createSmtpTransport(url, { connections: 1 });
    answerAt('auth', '535 5.7.8 bad credentials');
    expect(await named.send(mailTo('ada@example.org'))).toMatchObject({ kind: 'route' });
    expect(named.name).toBe(relay.url);
    await named.close();
  });

  test('nobody at the address of the relay is about us', async () => {
    const nobody = createSmtpTransport('smtp://127.0.0.1:1', { connections: 1 });
    expect((await nobody.send(mailTo('ada@example.org'))).kind).toBe('route');
    await nobody.close();
  });
});

describe('a connection that goes', () => {
  test.each<[Stage, string]>([
    ['connect', 'route'],
    ['ehlo', 'route'],
    ['rcpt', 'deferred'],
    ['data', 'deferred'],
    ['body', 'lost'],
    ['end', 'lost'],
  ])('at %s makes it %s', async (stage, kind) => {
    answerAt(stage, DROP);
    expect((await transport.send(mailTo('ada@example.org'))).kind).toBe(kind);
    expect(relay.mails).toEqual([]);
  });

  test('is never followed by a second try of a message that the server may have', async () => {
    relay.follow(({ stage, nth }) => (stage === 'end' && nth === 1 ? DROP : undefined));
    expect((await transport.send(mailTo('ada@example.org'))).kind).toBe('lost');
    expect(relay.state.reached.get('end ada@example.org')).toBe(1);
  });

  test('does not touch the mail on the other connection', async () => {
    relay.follow(({ stage, to }) => (stage === 'end' && to === 'bad@example.org' ? DROP : undefined));
    const [bad, good] = await Promise.all([
      transport.send(mailTo('bad@example.org')),
      transport.send(mailTo('good@example.org')),
    ]);
    expect([bad.kind, good.kind]).toEqual(['lost', 'accepted']);
  });
});

test('no more messages are on the wire than there are connections', async () => {
  const mails = Array.from({ length: 12 }, (_, index) => mailTo(`reader${index}@example.org`));
  await Promise.all(mails.map((mail) => transport.send(mail)));
  expect(relay.mails).toHaveLength(12);
  expect(relay.state.mostAtOnce).toBeLessThanOrEqual(2);
});

test('a server that stalls holds up only its own connection', async () => {
  const stalled = Promise.withResolvers<undefined>();
  relay.follow(({ to, stage }) =>
    to === 'slow@example.org' && stage === 'rcpt' ? stalled.promise : undefined,
  );
  const slow = transport.send(mailTo('slow@example.org'));
  expect((await transport.send(mailTo('quick@example.org'))).kind).toBe('accepted');
  stalled.resolve(undefined);
  expect((await slow).kind).toBe('accepted');
});

describe('the two moments at which a message can be kept back', () => {
  const gate = (mail: boolean, data: boolean) => ({ mail: async () => mail, data: async () => data });

  test('before MAIL the connection stays as it is', async () => {
    expect((await transport.send(mailTo('ada@example.org'), gate(false, true))).kind).toBe('returned');
    expect(relay.state.reached.get('mail ')).toBeUndefined();
    expect((await transport.send(mailTo('ada@example.org'))).kind).toBe('accepted');
    expect(relay.state.connections).toBe(1);
  });

  test('after 354 not a byte of it is sent', async () => {
    expect((await transport.send(mailTo('ada@example.org'), gate(true, false))).kind).toBe('returned');
    expect(relay.state.reached.get('data ada@example.org')).toBe(1);
    expect(relay.state.reached.get('body ada@example.org')).toBeUndefined();
    expect((await transport.send(mailTo('ada@example.org'))).kind).toBe('accepted');
    expect(relay.count('ada@example.org')).toBe(1);
  });
});

test('a kept connection that the relay has had enough of is replaced, and the mail goes on the new one', async () => {
  const one = createSmtpTransport(relay.url, { connections: 1 });
  expect((await one.send(mailTo('ada@example.org'))).kind).toBe('accepted');
  let refused = 0;
  relay.follow(({ stage }) =>
    stage === 'mail' && refused++ === 0 ? '421 4.7.0 too many on one connection' : undefined,
  );
  expect((await one.send(mailTo('bruno@example.org'))).kind).toBe('accepted');
  expect(relay.state.connections).toBe(2);
  await one.close();
});

test.each([
  ['plain lines', 'Subject: a\r\n\r\none\r\ntwo\r\n', 'Subject: a\r\n\r\none\r\ntwo\r\n'],
  ['a line that is a dot', 'a: b\r\n\r\none\r\n.\r\ntwo', 'a: b\r\n\r\none\r\n.\r\ntwo'],
  ['a dot first of all', '.a: b\r\n\r\nx', '.a: b\r\n\r\nx'],
  ['bare line feeds', 'a: b\n\n.x\ny', 'a: b\r\n\r\n.x\r\ny'],
  ['a smuggled end', 'a: b\r\n\r\none\r.\rMAIL', 'a: b\r\n\r\none\r\n.\r\nMAIL'],
])('%s arrive as they are to be read', async (_, raw, read) => {
  expect((await transport.send(mailTo('ada@example.org', raw))).kind).toBe('accepted');
  expect(relay.mails).toHaveLength(1);
  expect(relay.mails[0]?.raw.toString().trimEnd()).toBe(read.trimEnd());
});
