import { PassThrough, type Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import type { Outcome } from '../domain/delivery.ts';
import type { Message } from '../domain/message.ts';
import { outcomeOf } from './outcome.ts';
import type { Transport } from './transport.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * A pool of connections to one relay, by nodemailer.
 * @param url `smtp://USER:PASSWORD@HOST:PORT`, or `smtps://` for TLS from the first byte
 * @param helloName what EHLO says: a name of ours, or nothing for the machine's own
 */
export function createSmtpTransport(
  url: string,
  options: { connections: number; helloName?: string },
): Transport {
  const pool = createPool(url, options);
  // The stream of each message on its way. It is made when a connection is ready for the envelope, and
  // read from only after the server's 354: that tells a loss before DATA from one after it.
  const streams = new Map<string, Readable>();
  pool.use('stream', (mail, done) => {
    const { messageId, raw } = mail.data;
    mail.message.createReadStream = () => {
      const stream = new PassThrough();
      stream.end(raw);
      streams.set(String(messageId), stream);
      return stream;
    };
    done();
  });
  const send = async (message: Message): Promise<Outcome> => {
    try {
      const { messageId, raw, envelope } = message;
      const info = await pool.sendMail({ messageId, raw, envelope });
      return { kind: 'accepted', reply: info.response };
    } catch (error) {
      return outcomeOf(refusalOf(error, streams.get(message.messageId)));
    } finally {
      streams.delete(message.messageId);
    }
  };
  return {
    name: withoutPassword(url),
    connections: options.connections,
    send,
    close: async () => pool.close(),
  };
}

function createPool(url: string, options: { connections: number; helloName?: string }) {
  const { hostname, port, protocol, username, password } = new URL(url);
  const isLocal = LOOPBACK.test(hostname);
  const secure = protocol === 'smtps:';
  return createTransport({
    pool: true,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !isLocal,
    tls: { rejectUnauthorized: !isLocal },
    ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    ...(options.helloName && { name: options.helloName }),
    maxConnections: options.connections,
    // Only a message of which not a byte was sent is put on another connection, and once.
    maxRequeues: 1,
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    socketTimeout: 120_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function refusalOf(error: unknown, stream: Readable | undefined) {
  const { responseCode, response, command, message } = error as SmtpError;
  return {
    ...(responseCode !== undefined && { code: responseCode }),
    ...(command !== undefined && { command }),
    reply: response ?? (isTlsFailure(error as SmtpError) ? `${message}; ${CERTIFICATE_ADVICE}` : message),
    reachedEnvelope: stream !== undefined,
    dataBegan: stream?.readableDidRead ?? false,
  };
}

type SmtpError = {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly command?: string;
  readonly syscall?: string;
  readonly message: string;
};

const CERTIFICATE_ADVICE =
  'a relay beyond this machine needs TLS and a certificate that is valid for its name (an authority of your own goes into NODE_EXTRA_CA_CERTS)';

/** A socket that failed without a system call having failed, before any reply: TLS could not be agreed on. */
function isTlsFailure({ code, syscall }: SmtpError): boolean {
  return code === 'ETLS' || (code === 'ESOCKET' && syscall === undefined);
}

function withoutPassword(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
