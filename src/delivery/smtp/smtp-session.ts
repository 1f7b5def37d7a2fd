import { Readable, type Transform } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Message } from '../../domain/message.ts';

export type SessionOptions = ConstructorParameters<typeof SMTPConnection>[0];
export type LogIn = { readonly user: string; readonly pass: string };

/** One connection to a relay, greeted and logged in. */
export type Session = {
  /** How many messages were begun on it. */
  readonly used: number;
  readonly isAlive: boolean;
  /** Whether the last message was refused, and its transaction must be ended. */
  readonly needsReset: boolean;
  /**
   * Sends one message. @returns the server's reply to it
   * @param mayBegin asked when the server waits for the message; `false` cuts the connection without a byte of it
   * @throws SmtpFailure
   */
  send(message: Message, mayBegin: () => boolean | Promise<boolean>): Promise<string>;
  /** Ends a transaction that the server refused, so that the next may begin. */
  reset(): Promise<void>;
  close(): void;
};

/** What is known of a connection or a message that failed. */
export class SmtpFailure extends Error {
  readonly code: number | undefined;
  readonly command: string | undefined;
  readonly reply: string;
  readonly dataBegan: boolean;
  readonly keptBack: boolean;
  /** The socket failed without a system call having failed, before any reply: TLS could not be agreed on. */
  readonly isTlsFailure: boolean;

  constructor(cause: unknown, at: { dataBegan?: boolean; keptBack?: boolean } = {}) {
    const { responseCode, response, command, message, code, syscall } = cause as {
      code?: string;
      syscall?: string;
      responseCode?: number;
      response?: string;
      command?: string;
      message: string;
    };
    super(response ?? message, { cause });
    this.code = responseCode;
    this.command = command;
    this.reply = response ?? message;
    this.dataBegan = at.dataBegan ?? false;
    this.keptBack = at.keptBack ?? false;
    this.isTlsFailure =
      response === undefined && (code === 'ETLS' || (code === 'ESOCKET' && syscall === undefined));
  }
}

/** Without it a relay takes us for a stranger, and refuses every subscriber in turn. */
const NO_LOG_IN = Object.assign(
  new Error(
    'SMTP_URL has a user and a password, and the relay offers no log-in (check its port, and whether it wants TLS first)',
  ),
  { command: 'AUTH' },
);

/** @throws SmtpFailure when the server cannot be reached, does not greet us or refuses the log-in */
export async function openSession(options: SessionOptions, logIn?: LogIn): Promise<Session> {
  const connection = new SMTPConnection(options);
  const state = { alive: true, used: 0, needsReset: false, fail: (_: unknown) => {} };
  connection.on('error', (error) => state.fail(error));
  connection.on('end', () => {
    state.alive = false;
    state.fail(new Error('Connection closed unexpectedly'));
  });
  /** Runs one step of the conversation; an error of the connection ends it as its own callback would. */
  const step = <Value>(begin: (done: (error: unknown, value?: Value) => void) => void) => {
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    state.fail = reject;
    begin((error, value) => (error ? reject(error) : resolve(value as Value)));
    return promise;
  };
  try {
    await step<void>((done) => connection.connect(done));
    if (logIn) {
      if (!connection.allowsAuth) throw NO_LOG_IN;
      await step<unknown>((done) => connection.login({ credentials: logIn }, done));
    }
  } catch (error) {
    connection.close();
    throw new SmtpFailure(error);
  }
  return {
    get used() {
      return state.used;
    },
    get isAlive() {
      return state.alive && !connection.destroyed;
    },
    get needsReset() {
      return state.needsReset;
    },
    send: async (message, mayBegin) => {
      state.used += 1;
      const { envelope } = message;
      const body = new Body(message, mayBegin, () => connection.close());
      try {
        const info = await step<{ response: string }>((done) =>
          connection.send({ from: envelope.from, to: [envelope.to] }, body, done),
        );
        return info.response;
      } catch (error) {
        state.needsReset = true;
        throw new SmtpFailure(repliedBefore(connection) ?? error, body);
      }
    },
    reset: async () => {
      await step<void>((done) => connection.reset((error: unknown) => done(error)));
      state.needsReset = false;
    },
    close: () => connection.close(),
  };
}

/**
 * The refusal of an envelope that was sent at once (RFC 2920): nodemailer waits for the reply to DATA before it tells of it, and a
 * server that hangs up gives none. What it keeps until then is its own; without it, only the hang-up is known.
 */
function repliedBefore(connection: SMTPConnection): unknown {
  const { _envelope: envelope } = connection as unknown as {
    _envelope?: { mailError?: unknown; rejectedErrors?: readonly unknown[] };
  };
  return envelope?.mailError ?? envelope?.rejectedErrors?.[0];
}

/**
 * A message that is handed over whole once the server has said 354, which is when nodemailer connects it to the
 * wire. That moment tells a loss before DATA from one after it, and is the last at which it can be kept back.
 */
class Body extends Readable {
  dataBegan = false;
  keptBack = false;
  readonly #message: Message;
  readonly #mayBegin: () => boolean | Promise<boolean>;
  readonly #cut: () => void;

  constructor(message: Message, mayBegin: () => boolean | Promise<boolean>, cut: () => void) {
    super();
    this.#message = message;
    this.#mayBegin = mayBegin;
    this.#cut = cut;
  }

  override _read(): void {}

  override pipe<Wire extends NodeJS.WritableStream>(wire: Wire): Wire {
    const may = this.#mayBegin();
    if (may === true) this.#handOver(wire);
    else
      Promise.resolve(may).then(
        (yes) => (yes ? this.#handOver(wire) : this.#keepBack()),
        () => this.#keepBack(),
      );
    return wire;
  }

  /**
   * nodemailer's stream looks at each byte for dots and bare line ends, which takes longer than all else of a mail. A
   * message without bare line ends goes past it, its dots doubled by searches in native code.
   */
  #handOver(wire: NodeJS.WritableStream): void {
    this.dataBegan = true;
    const stream = wire as Transform;
    const ready = stuffed(this.#message);
    if (ready) stream.push(ready);
    stream.end(ready ? undefined : this.#message.raw);
  }

  #keepBack(): void {
    this.keptBack = true;
    this.#cut();
  }
}

const CRLF = Buffer.from('\r\n');
/** A CR or LF by itself (RFC 5321 §2.3.8). */
const BARE = /\r(?!\n)|(?<!\r)\n/;

/** The message as it goes over the wire (RFC 5321 §4.5.2); nothing when its line ends must be mended first. */
function stuffed({ raw, wireReady }: Message): Buffer | undefined {
  const ready = wireReady ? raw : dotted(raw);
  // The stream ends it with a line end and the dot.
  return ready?.subarray(-2).equals(CRLF) ? ready.subarray(0, -2) : ready;
}

function dotted(raw: Buffer): Buffer | undefined {
  const wire = raw.toString('latin1');
  if (BARE.test(wire)) return undefined;
  return Buffer.from(wire.replace(/^\.|\n\./g, '$&.'), 'latin1');
}
