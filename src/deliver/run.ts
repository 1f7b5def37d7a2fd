import type { Outcome } from '../domain/delivery.ts';
import type { Message } from '../domain/message.ts';
import type { Transport } from './transport.ts';

/** The work of one kind that waits to be sent, as the ledger keeps it. */
export type Queue<Work> = {
  /** Some of what may go now; empty when nothing may. */
  due(limit: number): Promise<Work[]>;
  /** True when the work is ours alone from now on. Called right before it is sent. */
  claim(work: Work): Promise<boolean>;
  /** The mail itself; a failure concerns this one reader only. */
  compose(work: Work): Promise<Message>;
  /** Writes down what became of claimed work. */
  settle(work: Work, outcome: Outcome): Promise<void>;
};

export type RunResult = {
  readonly counts: { readonly [kind in Outcome['kind']]: number };
  /** The relay's words, when it refused us rather than a reader: the run ended there. */
  readonly routeDown?: string;
};

const PAGE = 200;

/**
 * Sends what is due until nothing is, the route fails or `stop` is aborted. Each connection takes its next
 * message only when its last outcome is written down, so what a crash leaves in doubt is at most one
 * message per connection. On `stop`, and when the queue fails, what is on the wire is finished.
 * @throws what the queue threw first
 */
export async function run<Work>(
  queue: Queue<Work>,
  transport: Transport,
  stop: AbortSignal,
): Promise<RunResult> {
  const counts = { accepted: 0, deferred: 0, failed: 0, lost: 0, route: 0 };
  let routeDown: string | undefined;
  const failures: unknown[] = [];
  const take = pager(queue);
  const connection = async () => {
    while (!stop.aborted && routeDown === undefined && failures.length === 0) {
      const work = await take();
      if (work === undefined) return;
      if (!(await queue.claim(work))) continue;
      const outcome = await attempt(queue, transport, work);
      await queue.settle(work, outcome);
      counts[outcome.kind] += 1;
      if (outcome.kind === 'route') routeDown = outcome.reply;
    }
  };
  const untilFailure = () => connection().catch((failure: unknown) => failures.push(failure));
  await Promise.all(Array.from({ length: transport.connections }, untilFailure));
  if (failures.length > 0) throw failures[0];
  return { counts, ...(routeDown !== undefined && { routeDown }) };
}

async function attempt<Work>(queue: Queue<Work>, transport: Transport, work: Work): Promise<Outcome> {
  let message: Message;
  try {
    message = await queue.compose(work);
  } catch (error) {
    return { kind: 'deferred', reply: `could not be composed: ${(error as Error).message}` };
  }
  return transport.send(message);
}

/** Hands out work one by one from pages, and asks for a new page only when the last one is used up. */
function pager<Work>(queue: Queue<Work>): () => Promise<Work | undefined> {
  let page: Work[] = [];
  let loading: Promise<void> | undefined;
  let ended = false;
  const load = async () => {
    page = (await queue.due(PAGE)).toReversed();
    ended = page.length === 0;
    loading = undefined;
  };
  return async () => {
    while (page.length === 0 && !ended) {
      loading ??= load();
      await loading;
    }
    return page.pop();
  };
}
