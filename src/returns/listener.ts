import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from 'smtp-server';
import type { Core } from '../core.ts';
import { addressKey } from '../domain/address.ts';
import { messageOf } from '../domain/failure.ts';
import { Fault } from '../domain/fault.ts';
import type { InboundListen } from '../domain/inbox.ts';
import { HOUR, SECOND } from '../domain/time.ts';
import { findTag } from '../domain/verp.ts';
import { HOURLY_LIMIT } from './mailbox.ts';
import type { ReturnTools } from './return-tools.ts';
import { countMailedSince } from './returns-table.ts';
import { takeMails } from './take-mails.ts';
import { countUnreadable } from './unreadable.ts';

export type ReturnListener = { readonly port: number; close(): Promise<void> };

const MOST_BYTES = 1024 * 1024;
const CONNECTIONS = 20;
const OF_ONE_ADDRESS = 5;
const SILENCE = 60 * SECOND;

/**
 * Takes returned mail over LMTP or SMTP. Only an address that we signed, or one of ours, is accepted at RCPT: other mail never
 * reaches DATA, nothing is relayed, and no bounce is ever made.
 * @throws Fault PORT_TAKEN, SETTINGS_INVALID when the certificate cannot be read
 */
export async function listenForReturns(
  core: Core,
  tools: ReturnTools,
  secrets: readonly string[],
  where: InboundListen,
): Promise<ReturnListener> {
  const open = new Map<string, number>();
  const tls = certificateOf(core);
  const server = new SMTPServer({
    name: new URL(core.config.SITE_URL).hostname,
    lmtp: where.lmtp,
    banner: 'returned mail only',
    disabledCommands: tls ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    ...tls,
    authOptional: true,
    disableReverseLookup: true,
    size: MOST_BYTES,
    maxClients: CONNECTIONS,
    socketTimeout: SILENCE,
    closeTimeout: SECOND,
    onConnect: ({ remoteAddress }, done) => {
      const count = open.get(remoteAddress) ?? 0;
      open.set(remoteAddress, count + 1);
      done(
        count < OF_ONE_ADDRESS || remoteAddress === undefined
          ? null
          : refused(421, '4.7.0 too many connections'),
      );
    },
    onClose: ({ remoteAddress }) => {
      const count = (open.get(remoteAddress) ?? 1) - 1;
      if (count > 0) open.set(remoteAddress, count);
      else open.delete(remoteAddress);
    },
    onRcptTo: (to, _, done) =>
      done(isForUs(core, secrets, to) ? null : refused(550, '5.1.1 no such mailbox')),
    onData: (stream, session, done) => {
      takeStream(core, tools, secrets, stream, session).then(
        (problem) => done(problem ?? null, 'taken'),
        (error: unknown) => {
          core.log.error({ err: error }, 'returned mail could not be written down');
          done(refused(451, '4.3.0 try again later'));
        },
      );
    },
  });
  // Connections that end badly are nobody's concern; only one that cannot begin is.
  server.on('error', (error) =>
    core.log.debug({ problem: messageOf(error) }, 'a connection with returned mail ended'),
  );
  await listening(server, where);
  const address = server.server.address() as AddressInfo | string | null;
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function isForUs({ config }: Core, secrets: readonly string[], { address }: SMTPServerAddress): boolean {
  const ours = [config.UNSUBSCRIBE_ADDRESS, config.COMPLAINT_ADDRESS];
  if (ours.some((one) => one !== undefined && addressKey(one) === addressKey(address))) return true;
  return findTag(secrets, address) !== undefined;
}

/** @returns why it is not taken, if it is not */
async function takeStream(
  core: Core,
  tools: ReturnTools,
  secrets: readonly string[],
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
): Promise<Error | undefined> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) if (!stream.sizeExceeded) pieces.push(piece as Buffer);
  if (stream.sizeExceeded) return refused(552, '5.3.4 too large');
  const { db } = core.store;
  if ((await countMailedSince(db, core.clock() - HOUR)) >= HOURLY_LIMIT)
    return refused(451, '4.3.2 try again later');
  const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  const to = envelope.rcptTo.map(({ address }) => address);
  const [result] = await takeMails(core, tools, secrets, [
    { raw: Buffer.concat(pieces), envelope: { from, to } },
  ]);
  if (result === 'unreadable')
    await countUnreadable(core, {
      count: 1,
      where: 'the listener',
      next: 'Nothing was done with them. The log of your mail server says whom they came from.',
    });
  return result === 'failed' ? refused(451, '4.3.0 try again later') : undefined;
}

function refused(code: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode: code });
}

function certificateOf({ config }: Core): { cert: Buffer; key: Buffer } | undefined {
  const { INBOUND_TLS: files } = config;
  if (files === undefined) return undefined;
  try {
    return { cert: readFileSync(files.certificate), key: readFileSync(files.key) };
  } catch (cause) {
    throw new Fault(
      'SETTINGS_INVALID',
      `INBOUND_TLS names a file that cannot be read: ${messageOf(cause)}.`,
      'Name the files of the certificate and of its key, which this user may read.',
      { cause },
    );
  }
}

async function listening(server: SMTPServer, where: InboundListen): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const name = 'path' in where ? where.path : `port ${where.port} on ${where.host}`;
  server.server.once('error', (cause: NodeJS.ErrnoException) =>
    reject(
      new Fault(
        'PORT_TAKEN',
        `Returned mail cannot be taken at ${name}: ${messageOf(cause)}.`,
        'Set INBOUND_LISTEN to a free port or socket that this user may use, or stop the other program.',
        { cause },
      ),
    ),
  );
  if ('path' in where) server.listen(where.path, resolve);
  else server.listen(where.port, where.host, resolve);
  await promise;
}
