import { type ChildProcess, fork } from 'node:child_process';
import { finishInTurn, type Steps } from '../../domain/slices.ts';

export type Limits = {
  /** Processor time for one request, so a busy machine makes nothing exceed it. */
  readonly seconds: number;
  /** JavaScript's heap, where the limit is exact. */
  readonly heapMegabytes: number;
  /** Total memory, native code included, checked several times a second. */
  readonly megabytes: number;
};

/** Runs something after a while. @returns what cancels it */
export type After = (ms: number, run: () => void) => () => void;

/** What a process is sent for one request: its bytes piece by piece, then the rest of it. */
export type ProcessRequest<Request> =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'request'; readonly request: Request };

/** What a process sends about the one request it has: parts of the answer, then how it ended. */
export type ProcessMessage<Part> =
  | { readonly type: 'part'; readonly part: Part }
  | { readonly type: 'done' }
  | { readonly type: 'error'; readonly message: string; readonly fields: object };

/** The process ended before it had answered; the message says how, as in `ended with SIGKILL`. */
export class ProcessLost extends Error {
  /** The limit that it exceeded; none when something else ended it. */
  readonly limit: 'time' | 'memory' | undefined;

  constructor(message: string, limit?: 'time' | 'memory') {
    super(message);
    this.name = 'ProcessLost';
    this.limit = limit;
  }
}

/** One request at a time. Whatever goes wrong with the process is a rejection with `ProcessLost`. */
export type LimitedProcess<Request, Part> = {
  readonly ask: (request: Request, bytes?: Uint8Array) => Promise<Part[]>;
  readonly isLost: () => boolean;
  /** Ends it when it has nothing to do. */
  readonly release: () => void;
  readonly kill: () => void;
};

/** What a process prints before it ends itself. */
export const TOO_LARGE = 'this process is too large';
export const TOO_SLOW = 'this request takes too long';
/** How much of a dying process's output is kept to tell why it died. */
const MOST_STDERR = 10_000;
/** A request that takes this many times its processor time by the clock is not waiting for a processor: it hangs. */
const PATIENCE = 4;
const PIECE = 500_000;

/** Starts a program, which answers by `answerRequests`, in a process that ends when it exceeds a limit. */
export function startProcess<Request, Part>(
  program: URL,
  limits: Limits,
  after: After,
): LimitedProcess<Request, Part> {
  const child = forkLimited(program, limits);
  let pending: Pending<Part> | undefined;
  let lost: ProcessLost | undefined;
  const lose = (reason: ProcessLost) => {
    lost ??= reason;
    child.kill('SIGKILL');
    pending?.reject(lost);
  };
  const stderr = collectText(child);
  const send = (message: ProcessRequest<Request>) =>
    child.send(message, (error) => error && lose(new ProcessLost(error.message)));
  child.on('message', (message: ProcessMessage<Part>) => pending?.receive(message));
  child.on('error', (cause) => lose(new ProcessLost(cause.message)));
  child.on('close', (code, signal) => lose(causeOfDeath(stderr(), signal ?? code, limits)));
  return {
    ask: async (request, bytes) => {
      if (lost) throw lost;
      const asked = pendingAnswer<Part>();
      pending = asked;
      // The answer may have arrived while this process was busy: it is handled before the verdict.
      const verdict = () =>
        setImmediate(() => pending === asked && lose(overTime(limits.seconds * PATIENCE)));
      const cancel = after(limits.seconds * PATIENCE * 1000, verdict);
      finishInTurn(sending(send, request, bytes)).catch((error) => lose(new ProcessLost(error.message)));
      return asked.promise.finally(() => {
        cancel();
        pending = undefined;
      });
    },
    isLost: () => lost !== undefined || !child.connected,
    release: () => child.connected && child.disconnect(),
    kill: () => lose(new ProcessLost('was stopped')),
  };
}

/** Piece by piece, because each is copied. */
function* sending<Request>(
  send: (message: ProcessRequest<Request>) => void,
  request: Request,
  bytes: Uint8Array = new Uint8Array(),
): Steps<void> {
  for (let start = 0; start < bytes.length; start += PIECE) {
    send({ type: 'bytes', bytes: bytes.subarray(start, start + PIECE) });
    yield;
  }
  send({ type: 'request', request });
}

function forkLimited(program: URL, limits: Limits): ChildProcess {
  const { seconds, heapMegabytes, megabytes } = limits;
  try {
    return fork(program, [process.pid, seconds, megabytes].map(String), {
      execArgv: [`--max-old-space-size=${heapMegabytes}`],
      serialization: 'advanced',
      // Its standard error is read, because it says there which limit it exceeded; V8 prints a long stack with it.
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
  } catch (cause) {
    throw new ProcessLost((cause as Error).message);
  }
}

type Pending<Part> = {
  readonly promise: Promise<Part[]>;
  readonly receive: (message: ProcessMessage<Part>) => void;
  readonly reject: (error: Error) => void;
};

function pendingAnswer<Part>(): Pending<Part> {
  const { promise, resolve, reject } = Promise.withResolvers<Part[]>();
  const parts: Part[] = [];
  return {
    promise,
    reject,
    receive: (message) => {
      if (message.type === 'part') parts.push(message.part);
      else if (message.type === 'done') resolve(parts);
      else reject(Object.assign(new Error(message.message), message.fields));
    },
  };
}

function collectText({ stderr }: ChildProcess): () => string {
  let text = '';
  stderr?.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(0, MOST_STDERR);
  });
  return () => text;
}

function causeOfDeath(stderr: string, how: string | number | null, limits: Limits): ProcessLost {
  if (stderr.includes('heap out of memory')) return overMemory(limits.heapMegabytes);
  if (stderr.includes(TOO_LARGE)) return overMemory(limits.megabytes);
  if (stderr.includes(TOO_SLOW)) return overTime(limits.seconds);
  const error = /^\w*Error\b.*/m.exec(stderr)?.[0];
  return new ProcessLost(`ended with ${how}${error === undefined ? '' : ` (${error.slice(0, 200)})`}`);
}

function overTime(seconds: number): ProcessLost {
  return new ProcessLost(`took more than ${seconds} s`, 'time');
}

function overMemory(megabytes: number): ProcessLost {
  return new ProcessLost(`took more than ${megabytes} MB of memory`, 'memory');
}
