import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, test } from 'vitest';
import { createSmtpTransport } from '../../../src/delivery/smtp/smtp.ts';
import { mailTo } from '../mail.ts';

/** One mail to a relay with a certificate that nobody vouches for. `0.0.0.0` is this machine by a name that is not loopback. */
async function sendTo(host: string, options: SMTPServerOptions) {
  const taken: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    onData(stream, session, done) {
      taken.push(session.secure ? 'TLS' : 'plain');
      stream.resume().on('end', () => done());
    },
    ...options,
  });
  // A client that refuses the certificate is an error for the server, as it should be.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const transport = createSmtpTransport(`smtp${options.secure ? 's' : ''}://${host}:${port}`, {
    connections: 1,
  });
  const outcome = await transport.send(mailTo('ada@example.org'));
  await transport.close();
  await new Promise<void>((done) => server.close(done));
  return { outcome, taken };
}

test.each([{}, { secure: true }, { hideSTARTTLS: true }])(
  'a relay beyond this machine needs a certificate that can be trusted: %j',
  async (options) => {
    const { outcome, taken } = await sendTo('0.0.0.0', options);
    expect(outcome).toMatchObject({ kind: 'route', reply: expect.stringContaining('certificate') });
    expect(outcome.reply).toContain('NODE_EXTRA_CA_CERTS');
    expect(taken).toEqual([]);
  },
);

test('a relay beyond this machine that knows no TLS gets no mail', async () => {
  const { outcome, taken } = await sendTo('0.0.0.0', { disabledCommands: ['STARTTLS'] });
  expect(outcome.kind).toBe('route');
  expect(taken).toEqual([]);
});

test('on loopback any certificate will do, and none too', async () => {
  expect((await sendTo('127.0.0.1', {})).taken).toEqual(['TLS']);
  expect((await sendTo('127.0.0.1', { disabledCommands: ['STARTTLS'] })).taken).toEqual(['plain']);
});
