import { type AddressInfo, createServer, type Socket } from 'node:net';

/** When an answer is due: `cut` is after the last byte of a message and before its 250, `after` right after the 250. */
type Stage = 'connect' | 'mail' | 'rcpt' | 'data' | 'end' | 'after';

/** `nth` counts from 1 how often this stage was reached for this subscriber. */
type Moment = { readonly stage: Stage; readonly to: string; readonly nth: number };

/** A reply in place of the usual one; `drop` cuts the connection; a promise stalls. */
export type Script = (moment: Moment) => string | undefined | Promise<string | undefined>;

const USUAL: Record<Stage, string> = {
  connect: '220 relay.example ESMTP',
  mail: '250 2.1.0 ok',
  rcpt: '250 2.1.5 ok',
  data: '354 go on',
  end: '250 2.0.0 queued',
  after: '',
};

/**
 * A relay that keeps no mail and counts by subscriber: what was taken with 250, what came whole and was answered otherwise, and
 * every MAIL FROM with its moment.
 */
export async function startCountingRelay(script: Script = () => undefined) {
  const state = {
    script,
    taken: new Map<string, number>(),
    /** Whole messages whose connection was cut before an answer: a server may have kept them. */
    unanswered: new Map<string, number>(),
    mailFrom: [] as number[],
    keepTimes: false,
    reached: new Map<string, number>(),
    total: 0,
    bytes: 0,
    onTaken: (_total: number) => {},
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    serve(socket, state).catch(() => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    state,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type CountingRelay = Awaited<ReturnType<typeof startCountingRelay>>;

async function serve(socket: Socket, state: CountingRelay['state']): Promise<void> {
  let to = '';
  let inData = false;
  let rest: Buffer = Buffer.alloc(0);
  const answer = async (stage: Stage) => {
    const key = `${stage} ${to}`;
    const nth = (state.reached.get(key) ?? 0) + 1;
    state.reached.set(key, nth);
    const text = (await state.script({ stage, to, nth })) ?? USUAL[stage];
    if (text === 'drop') socket.destroy();
    else if (text !== '' && !socket.destroyed) socket.write(`${text}\r\n`);
    return text;
  };
  const add = (counts: Map<string, number>) => counts.set(to, (counts.get(to) ?? 0) + 1);
  await answer('connect');
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (;;) {
      const end = inData ? '\r\n.\r\n' : '\r\n';
      // Only the end of what came can hold what was looked for before in vain.
      const at = rest.indexOf(end, Math.max(0, rest.length - chunk.length - 5));
      const found = at >= 0 ? at : rest.indexOf(end);
      if (found < 0 || socket.destroyed) break;
      const part = rest.subarray(0, found);
      rest = rest.subarray(found + end.length);
      if (!inData) {
        inData = (await command(part.toString('latin1'))).startsWith('354');
        continue;
      }
      inData = false;
      state.bytes += part.length;
      const text = await answer('end');
      if (text.startsWith('2')) {
        add(state.taken);
        state.total += 1;
        state.onTaken(state.total);
        await answer('after');
      } else if (text === 'drop') add(state.unanswered);
    }
  }

  async function command(line: string): Promise<string> {
    const verb = line.slice(0, 4).toUpperCase();
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (verb === 'MAIL') {
      if (state.keepTimes) state.mailFrom.push(performance.now());
      return answer('mail');
    }
    if (verb === 'RCPT') {
      to = address;
      return answer('rcpt');
    }
    if (verb === 'DATA') return answer('data');
    const text = verb === 'EHLO' ? '250-relay.example\r\n250 SIZE 10000000' : '250 2.0.0 ok';
    socket.write(`${text}\r\n`);
    if (verb === 'QUIT') socket.end();
    return text;
  }
}
