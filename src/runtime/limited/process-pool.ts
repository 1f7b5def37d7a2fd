import {
  type After,
  type LimitedProcess,
  type Limits,
  ProcessLost,
  startProcess,
} from './limited-process.ts';

export type PoolOptions = {
  /** What runs in each process; it answers by `answerRequests`. */
  readonly program: URL;
  readonly limits: Limits;
  /** How many processes there may be at a time. */
  readonly most: number;
  /** How long a process that has nothing to do is kept. */
  readonly idleMs: number;
  /**
   * How long a request may hold up others. After that it is stopped, and begins again with the whole of its time once
   * they are done: a request that takes long, or never ends, delays those behind it by this much at most.
   */
  readonly turnMs: number;
  /** Replaced in tests. */
  readonly after?: After;
};

type Job<Request, Part> = {
  readonly request: Request;
  readonly bytes: Uint8Array | undefined;
  readonly settled: PromiseWithResolvers<Part[]>;
  process?: LimitedProcess<Request, Part>;
  /** It has used its turn, and gives way as soon as another waits. */
  overdue: boolean;
  /** It gave way once, and does not again. */
  slow: boolean;
  cancelled: boolean;
  retried: boolean;
};

const realTime: After = (ms, run) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/**
 * Processes with limits, started when they are needed. Each has one request at a time, so that what dies with a process
 * is the one request that killed it; the others wait here.
 */
export class ProcessPool<Request, Part> {
  readonly #options: PoolOptions;
  readonly #after: After;
  readonly #waiting: Job<Request, Part>[] = [];
  readonly #slow: Job<Request, Part>[] = [];
  readonly #running = new Set<Job<Request, Part>>();
  /** With what cancels the end of each. */
  readonly #idle = new Map<LimitedProcess<Request, Part>, () => void>();

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#after = options.after ?? realTime;
  }

  /**
   * The parts of the answer, in order.
   * @param given.bytes many bytes that belong to the request, which reach the process piece by piece
   * @throws ProcessLost, what the work threw, or the signal's reason
   */
  async ask(request: Request, given: { bytes?: Uint8Array; signal?: AbortSignal } = {}): Promise<Part[]> {
    const { bytes, signal } = given;
    signal?.throwIfAborted();
    const settled = Promise.withResolvers<Part[]>();
    const job = { request, bytes, settled, overdue: false, slow: false, cancelled: false, retried: false };
    const cancel = () => this.#cancel(job, signal?.reason);
    signal?.addEventListener('abort', cancel, { once: true });
    this.#waiting.push(job);
    this.#advance();
    return settled.promise.finally(() => signal?.removeEventListener('abort', cancel));
  }

  /** Stops running requests and ends every process. */
  close(): void {
    const reason = new ProcessLost('was stopped');
    for (const job of [...this.#waiting, ...this.#slow, ...this.#running]) this.#cancel(job, reason);
    for (const process of [...this.#idle.keys()]) this.#release(process);
  }

  #advance(): void {
    while (this.#running.size < this.#options.most) {
      const job = this.#next();
      if (job === undefined) return;
      void this.#run(job);
    }
    if (this.#waiting.length === 0) return;
    for (const job of this.#running) if (job.overdue) job.process?.kill();
  }

  #next(): Job<Request, Part> | undefined {
    const job = this.#waiting.shift();
    if (job) return job;
    // Where there may be several, one process is kept free of slow requests for those that come meanwhile.
    const room = Math.max(1, this.#options.most - 1);
    return [...this.#running].filter(({ slow }) => slow).length < room ? this.#slow.shift() : undefined;
  }

  async #run(job: Job<Request, Part>): Promise<void> {
    this.#running.add(job);
    job.overdue = false;
    const endOfTurn = () => {
      job.overdue = !job.slow;
      this.#advance();
    };
    const cancel = this.#after(this.#options.turnMs, endOfTurn);
    try {
      job.process = this.#process();
      job.settled.resolve(await job.process.ask(job.request, job.bytes));
    } catch (error) {
      this.#fail(job, error);
    }
    cancel();
    this.#running.delete(job);
    if (job.process && !job.process.isLost()) this.#keep(job.process);
    this.#advance();
  }

  #fail(job: Job<Request, Part>, error: unknown): void {
    const isLost = error instanceof ProcessLost && error.limit === undefined && !job.cancelled;
    if (isLost && job.overdue) {
      job.slow = true;
      this.#slow.push(job);
    } else if (isLost && !job.retried) {
      // The process may have ended while it was idle, or something else may have killed it.
      job.retried = true;
      this.#waiting.unshift(job);
    } else job.settled.reject(error);
  }

  #cancel(job: Job<Request, Part>, reason: unknown): void {
    job.cancelled = true;
    job.settled.reject(reason);
    for (const queue of [this.#waiting, this.#slow])
      if (queue.includes(job)) queue.splice(queue.indexOf(job), 1);
    if (this.#running.has(job)) job.process?.kill();
  }

  #process(): LimitedProcess<Request, Part> {
    for (const [process, cancel] of this.#idle) {
      cancel();
      this.#idle.delete(process);
      if (!process.isLost()) return process;
    }
    return startProcess(this.#options.program, this.#options.limits, this.#after);
  }

  #keep(process: LimitedProcess<Request, Part>): void {
    this.#idle.set(
      process,
      this.#after(this.#options.idleMs, () => this.#release(process)),
    );
  }

  #release(process: LimitedProcess<Request, Part>): void {
    this.#idle.get(process)?.();
    this.#idle.delete(process);
    process.release();
  }
}
