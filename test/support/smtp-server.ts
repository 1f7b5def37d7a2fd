import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/**
 * When an answer is due: on connecting, after each command, when the first byte of a message has come
 * (`body`), and after its last line (`end`).
 */
export type Stage = 'connect' | 'ehlo' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body' | 'end';

/** `to` is empty before RCPT; `nth` counts from 1 how often this stage was reached for this `to`. */
type Moment = { readonly stage: Stage; readonly to: string; readonly nth: number };

/** Cuts the connection without a word. */
export const DROP = 'drop';

/** A reply to give in place of the usual one, or `DROP`; a promise makes the server stall. */
export type Script = (moment: Moment) => string | undefined | Promise<string | undefined>;

type ReceivedMail = { readonly to: string; readonly from: string; readonly raw: Buffer };

const USUAL: Record<Stage, string> = {
  connect: '220 relay.example ESMTP',
  ehlo: '250-relay.example\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 10000000',
  auth: '235 2.7.0 welcome',
  mail: '250 2.1.0 ok',
  rcpt: '250 2.1.5 ok',
  data: '354 go on',
  body: '',
  end: '250 2.0.0 queued as 4bQx',
};

/** A relay on loopback that follows a script, which a test may change at any time. */
export async function startSmtpServer(script: Script = () => undefined) {
  const state = {
    script,
    /** All that was answered with 250 after its end, in order. */
    mails: [] as ReceivedMail[],
    connections: 0,
    /** Messages between MAIL and their outcome: now, and the most there ever were. */
    open: 0,
    mostAtOnce: 0,
    reached: new Map<string, number>(),
    /** Called after each mail that was taken. */
    watchers: new Set<() => void>(),
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    state.connections += 1;
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    // A cut connection ends the reading of it with an error, which is what the script asked for.
    serve(socket, state).catch(() => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    state,
    mails: state.mails,
    follow: (next: Script) => {
      state.script = next;
    },
    count: (to: string) => state.mails.filter((mail) => mail.to === to).length,
    /** Resolves once this many mails have been taken. */
    received: (count: number) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (state.mails.length < count) return;
          state.watchers.delete(look);
          resolve();
        };
        state.watchers.add(look);
        look();
      }),
    recipients: () => state.mails.map((mail) => mail.to).sort(),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type SmtpServer = Awaited<ReturnType<typeof startSmtpServer>>;

type State = SmtpServer['state'];

async function serve(socket: Socket, state: State): Promise<void> {
  const session = { from: '', to: '', open: false };
  const end = () => {
    if (session.open) state.open -= 1;
    session.open = false;
  };
  socket.on('close', end);
  const answer = (stage: Stage) => reply(socket, state, { stage, to: session.to });
  await answer('connect');
  let buffer = Buffer.alloc(0);
  let inData = false;
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    if (inData && buffer.length === 0) await answer('body');
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const terminator = inData ? '\r\n.\r\n' : '\r\n';
      const at = buffer.indexOf(terminator);
      if (at < 0 || socket.destroyed) break;
      const part = buffer.subarray(0, at);
      buffer = buffer.subarray(at + terminator.length);
      if (inData) {
        inData = false;
        const code = await answer('end');
        if (code.startsWith('2')) {
          state.mails.push({ to: session.to, from: session.from, raw: unstuffed(part) });
          for (const watcher of state.watchers) watcher();
        }
        end();
        session.to = '';
      } else {
        inData = (await command(part.toString())) === '354';
      }
    }
  }

  async function command(line: string): Promise<string> {
    const verb = line.slice(0, 4).toUpperCase();
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (verb === 'EHLO' || verb === 'HELO') return answer('ehlo');
    if (verb === 'AUTH') return answer('auth');
    if (verb === 'DATA') return answer('data');
    if (verb === 'MAIL') {
      end();
      Object.assign(session, { from: address, to: '', open: true });
      state.open += 1;
      state.mostAtOnce = Math.max(state.mostAtOnce, state.open);
      return answer('mail');
    }
    if (verb === 'RCPT') {
      session.to = address;
      return answer('rcpt');
    }
    if (verb === 'QUIT') {
      socket.end('221 2.0.0 bye\r\n');
      return '221';
    }
    if (verb === 'RSET') end();
    socket.write('250 2.0.0 ok\r\n');
    return '250';
  }
}

/** @returns the code that was given, empty for none */
async function reply(
  socket: Socket,
  state: State,
  { stage, to }: { stage: Stage; to: string },
): Promise<string> {
  const key = `${stage} ${to}`;
  const nth = (state.reached.get(key) ?? 0) + 1;
  state.reached.set(key, nth);
  const text = (await state.script({ stage, to, nth })) ?? USUAL[stage];
  if (text === DROP) socket.destroy();
  else if (text !== '' && !socket.destroyed) socket.write(`${text}\r\n`);
  return text.slice(0, 3);
}

function unstuffed(data: Buffer): Buffer {
  return Buffer.from(data.toString('latin1').replace(/^\.\./gm, '.'), 'latin1');
}
