import type { Outcome } from '../../domain/delivery.ts';
import { isLoopbackHost } from '../../domain/loopback.ts';
import type { Message } from '../../domain/message.ts';
import { outcomeOf } from './outcome.ts';
import { type LogIn, openSession, type Session, type SessionOptions, SmtpFailure } from './smtp-session.ts';
import { type Gate, OPEN_GATE, type Transport } from './transport.ts';

/** Then a connection is closed and a new one made: some relays count. */
const MESSAGES_PER_SESSION = 100;

/**
 * Connections to one relay, by nodemailer. Each has one message at a time, and is kept for the next.
 * @param url `smtp://USER:PASSWORD@HOST:PORT`, or `smtps://` for TLS from the first byte
 * @param helloName what EHLO says: a name of ours, or nothing for the machine's own
 */
export function createSmtpTransport(
  url: string,
  options: { connections: number; helloName?: string },
): Transport {
  const { connections } = options;
  const settings = sessionOptions(url, options.helloName);
  const logIn = logInOf(url);
  const idle: Session[] = [];
  const waiting: (() => void)[] = [];
  const sending = new Set<Promise<unknown>>();
  let busy = 0;
  const acquire = async () => {
    if (busy < connections) busy += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const release = () => {
    const next = waiting.shift();
    if (next) next();
    else busy -= 1;
  };
  const kept = () => {
    for (let session = idle.pop(); session; session = idle.pop()) if (session.isAlive) return session;
    return undefined;
  };
  const send = async (message: Message, gate: Gate = OPEN_GATE): Promise<Outcome> => {
    await acquire();
    let session: Session | undefined;
    try {
      session = kept();
      const first = session && (await attempt(session, message, gate));
      if (first) return first;
      session = await openSession(settings, logIn);
      const second = await attempt(session, message, gate);
      return second ?? { kind: 'route', reply: 'no connection could be kept' };
    } catch (error) {
      if (!(error instanceof SmtpFailure)) throw error;
      return outcomeOf({ ...refusal(error), reachedEnvelope: false });
    } finally {
      const used = session;
      const done = tidy(used).then((alive) => {
        if (alive && used) idle.push(used);
        release();
      });
      sending.add(done);
      done.finally(() => sending.delete(done));
    }
  };
  return {
    name: withoutPassword(url),
    connections,
    send,
    close: async () => {
      await Promise.all(sending);
      for (const session of idle.splice(0)) session.close();
    },
  };
}

/** Nothing when the connection was gone before the server had anything of the message. */
async function attempt(session: Session, message: Message, gate: Gate): Promise<Outcome | undefined> {
  const reused = session.used > 0;
  if (!(await gate.mail())) return { kind: 'returned', reply: 'kept back before MAIL' };
  try {
    const reply = await session.send(message, () => gate.data());
    return { kind: 'accepted', reply };
  } catch (error) {
    if (!(error instanceof SmtpFailure)) throw error;
    if (error.keptBack) return { kind: 'returned', reply: 'it was no longer ours to send' };
    if (reused && !error.dataBegan && hasEnded(error)) return undefined;
    return outcomeOf({ ...refusal(error), reachedEnvelope: true });
  }
}

/** A kept connection that the server has ended meanwhile: cut, or 421 to the first command. */
function hasEnded({ code, command }: SmtpFailure): boolean {
  return code === undefined || (code === 421 && command === 'MAIL FROM');
}

const CERTIFICATE_ADVICE =
  'a relay beyond this machine needs TLS and a certificate that is valid for its name (an authority of your own goes into NODE_EXTRA_CA_CERTS)';

function refusal({ code, command, reply, dataBegan, isTlsFailure }: SmtpFailure) {
  return {
    ...(code !== undefined && { code }),
    ...(command !== undefined && { command }),
    reply: isTlsFailure ? `${reply}; ${CERTIFICATE_ADVICE}` : reply,
    dataBegan,
  };
}

/** Makes a connection ready for its next message. @returns whether it can have one */
async function tidy(session: Session | undefined): Promise<boolean> {
  if (!session?.isAlive) return false;
  try {
    if (session.used >= MESSAGES_PER_SESSION) throw new Error('it has had its messages');
    if (session.needsReset) await session.reset();
    return session.isAlive;
  } catch {
    session.close();
    return false;
  }
}

function sessionOptions(url: string, helloName: string | undefined): SessionOptions {
  const { hostname, port, protocol } = new URL(url);
  const isLocal = isLoopbackHost(hostname);
  const secure = protocol === 'smtps:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !isLocal,
    tls: { rejectUnauthorized: !isLocal },
    ...(helloName && { name: helloName }),
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    socketTimeout: 120_000,
  };
}

function logInOf(url: string): LogIn | undefined {
  const { username, password } = new URL(url);
  return username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : undefined;
}

function withoutPassword(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
