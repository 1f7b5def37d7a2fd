import type { Outcome } from '../domain/delivery.ts';
import { createReusableBuffer, type Message, type ReusableBuffer } from '../domain/message.ts';
import type { Instant } from '../domain/time.ts';
import { type Assignment, createDispatcher, type DispatcherTools } from './dispatcher.ts';
import type { Pacer } from './pacer.ts';
import type { Due, Queue } from './queue-types.ts';
import { retryUntilDone } from './retry-until-done.ts';
import type { Judged, Routes } from './routes.ts';
import type { Gate } from './smtp/transport.ts';

export type RunTools = DispatcherTools & {
  readonly pacer?: Pacer;
  readonly onOutcome?: (outcome: Outcome) => void;
};

export type RunResult = {
  readonly counts: { readonly [kind in Outcome['kind']]: number };
  /** What the last relay said that refused us, when none takes anything now. */
  readonly routeDown?: string;
  /** When what is left may be tried again: a route is open, or a domain rests. */
  readonly retryAt?: Instant;
};

/** How long a connection leaves a route that refused only some of us. */
const AFTER_REFUSAL = 1000;

/**
 * Sends what is due until nothing may go any more or `stop` is aborted. Each connection takes its next
 * message only when its last outcome is written down, so what a crash leaves in doubt is at most one
 * message per connection. A ledger that fails is tried again, an outcome meanwhile held in memory.
 * @throws what the ledger threw, when patience has come to its end
 */
export async function run<Work extends Due>(
  queue: Queue<Work>,
  routes: Routes,
  tools: RunTools,
  stop: AbortSignal,
): Promise<RunResult> {
  const counts = { accepted: 0, deferred: 0, held: 0, failed: 0, lost: 0, route: 0, returned: 0 };
  const failures: unknown[] = [];
  const dispatcher = createDispatcher(queue, routes, tools, stop);
  /** The others end what they have in hand. */
  const fail = (error: unknown) => {
    failures.push(error);
    dispatcher.end();
  };
  const connection = async () => {
    let last: Ended<Work> | undefined;
    let buffer = createReusableBuffer();
    /** Of a mail that was another's. */
    let unusedSlot: Instant | undefined;
    while (!stop.aborted && failures.length === 0) {
      // With something at hand the last outcome and the next claim are one write, and the next mail is made meanwhile:
      // the relay, too, has something to do.
      let assignment = tools.pacer ? undefined : dispatcher.next();
      const claimed = assignment && claim(assignment);
      const prepared = claimed && assignment && composed(queue, assignment.work, buffer);
      // The settling is awaited first: nothing else may keep it from being known.
      claimed?.catch(() => {});
      if (last) await settle(last);
      last = undefined;
      assignment ??= await dispatcher.take();
      if (!assignment) return;
      const slot: Instant | undefined = claimed
        ? undefined
        : (fresh(unusedSlot) ?? (await slotFor(assignment)));
      unusedSlot = undefined;
      if (stop.aborted && !claimed) return dispatcher.release(assignment);
      if (await (claimed ?? claim(assignment)))
        last = await send(assignment, prepared ?? composed(queue, assignment.work, buffer), slot);
      else {
        dispatcher.release(assignment);
        unusedSlot = slot;
      }
      // A relay that took a mail has read it to its end. Any other may still be on its way, or not even made.
      if (last?.outcome.kind !== 'accepted') buffer = createReusableBuffer();
    }
    if (last) await settle(last);
  };
  const claim = (assignment: Assignment<Work>) =>
    retryUntilDone(() => queue.claim(assignment.work), tools.patience, stop).catch(
      dispatcher.releaseAndThrow(assignment),
    );
  const fresh = (slot: Instant | undefined) =>
    slot !== undefined && tools.pacer?.isFresh(slot) ? slot : undefined;
  /** Before the claim: a slow rate must not leave rows claimed for minutes. */
  const slotFor = async (assignment: Assignment<Work>) =>
    tools.pacer &&
    retryUntilDone(async () => tools.pacer?.slot(stop), tools.patience, stop).catch(
      dispatcher.releaseAndThrow(assignment),
    );
  const send = async (
    assignment: Assignment<Work>,
    prepared: Promise<Message | Outcome>,
    slot: Instant | undefined,
  ): Promise<Ended<Work>> => {
    const message = await prepared;
    const startedAt = tools.ticks();
    const gate = gateOf(queue, assignment.work, { slot, tools, stop });
    const isComposed = 'raw' in message;
    const outcome = isComposed ? await assignment.route.transport.send(message, gate).catch(unsent) : message;
    const took = tools.ticks() - startedAt;
    const judged = dispatcher.answered(
      assignment,
      isComposed ? outcome : undefined,
      isComposed ? took : undefined,
    );
    if (outcome.kind === 'route' && routes.down(tools.clock()) === undefined)
      await tools.patience.wait(AFTER_REFUSAL, stop).catch(() => {});
    if (judged.takeBack) await takeBack(judged.takeBack);
    return { assignment, outcome: isComposed ? judged.outcome : outcome };
  };
  /** The routes give back the very objects that they were given. */
  const takeBack = async ({ works, until }: NonNullable<Judged['takeBack']>) => {
    if (works.length === 0) return;
    await retryUntilDone(() => queue.takeBack(works as readonly Work[], until), tools.patience, stop);
  };
  /** Only what comes before the first command throws: the database that says when is away. The row is given back. */
  const unsent = (error: unknown): Outcome => {
    fail(error);
    return { kind: 'returned', reply: '' };
  };
  const settle = async ({ assignment, outcome }: Ended<Work>) => {
    const patience = { ...tools.patience, limit: Number.POSITIVE_INFINITY };
    await retryUntilDone(() => queue.settle(assignment.work, outcome), patience, stop);
    dispatcher.settled(assignment);
    counts[outcome.kind] += 1;
    tools.onOutcome?.(outcome);
  };
  await Promise.all(Array.from({ length: routes.connections }, () => connection().catch(fail)));
  if (failures.length > 0) throw failures[0];
  const now = tools.clock();
  const routeDown = routes.down(now);
  const retryAt = routes.retryAt(dispatcher.domainsLeft(), now);
  return { counts, ...(routeDown !== undefined && { routeDown }), ...(retryAt !== undefined && { retryAt }) };
}

/** On the wire no more, and not yet written down. */
type Ended<Work> = { readonly assignment: Assignment<Work>; readonly outcome: Outcome };

function gateOf<Work extends Due>(
  queue: Queue<Work>,
  work: Work,
  { slot, tools, stop }: { slot: Instant | undefined; tools: RunTools; stop: AbortSignal },
): Gate {
  let ready = slot;
  return {
    mail: async () => {
      const { pacer } = tools;
      if (!pacer) return true;
      if (ready === undefined || !pacer.isFresh(ready))
        ready = await retryUntilDone(() => pacer.slot(stop), tools.patience, stop);
      const may = ready !== undefined;
      ready = undefined;
      return may;
    },
    data: () => queue.holds(work),
  };
}

/** The mail, or what becomes of one that cannot be made: it concerns this subscriber alone, and no route. */
async function composed<Work extends Due>(
  queue: Queue<Work>,
  work: Work,
  buffer: ReusableBuffer,
): Promise<Message | Outcome> {
  try {
    return await queue.compose(work, buffer);
  } catch (error) {
    return { kind: 'deferred', reply: `could not be composed: ${(error as Error).message}` };
  }
}
