import type { Outcome } from '../domain/delivery.ts';
import { createSpace, type Message, type Space } from '../domain/message.ts';
import type { Instant } from '../domain/time.ts';
import { createLanes } from './lanes.ts';
import type { Pacer } from './pacer.ts';
import { insist, type Patience } from './patience.ts';
import type { Route, RouteEvent, Routes } from './routes.ts';
import { createSupply, type Source } from './supply.ts';
import type { Gate } from './transport.ts';

/** What a mail to be sent is known by here. */
export type Due = {
  readonly id: string;
  /** Of the reader's address, in lower case. */
  readonly domain: string;
  readonly subscriberId: number;
};

/** The ledger, as far as sending needs it. */
export type Queue<Work extends Due> = Source<Work> & {
  /** True when the work is ours alone from now on. Called right before it is sent. */
  claim(work: Work): Promise<boolean>;
  /** Whether a claim still holds; asked right before the first byte. */
  holds(work: Work): boolean | Promise<boolean>;
  /** The mail itself, where it may be in the space; a failure concerns this one reader only. */
  compose(work: Work, space: Space): Promise<Message>;
  /** Writes down what became of claimed work. */
  settle(work: Work, outcome: Outcome): Promise<void>;
};

export type RunTools = {
  readonly clock: () => Instant;
  /** Milliseconds that only go forward, whatever happens to the clock. */
  readonly ticks: () => number;
  readonly patience: Patience;
  readonly pacer?: Pacer;
  readonly onEvent?: (event: RouteEvent) => void;
  readonly onOutcome?: (outcome: Outcome) => void;
};

export type RunResult = {
  readonly counts: { readonly [kind in Outcome['kind']]: number };
  /** What the last relay said that refused us, when none takes anything now. */
  readonly routeDown?: string;
  /** When what is left may be tried again: a route is open, or a domain rests. */
  readonly retryAt?: Instant;
};

/** How long a run that finds nothing looks away while mails are still on the wire. */
const LOOK_AGAIN = 1000;
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
  const counts = { accepted: 0, deferred: 0, failed: 0, lost: 0, route: 0, returned: 0 };
  const failures: unknown[] = [];
  const hand = createHand(queue, routes, tools, stop);
  const connection = async () => {
    let last: Ended<Work> | undefined;
    let space = createSpace();
    while (!stop.aborted && failures.length === 0) {
      // With something at hand the last outcome and the next claim are one write, and the next mail is made meanwhile:
      // the relay, too, has something to do.
      let taken = tools.pacer ? undefined : hand.next();
      const claimed = taken && claim(taken);
      const made = claimed && taken && composed(queue, taken.work, space);
      // The settling is awaited first: nothing else may keep it from being known.
      claimed?.catch(() => {});
      if (last) await settle(last);
      last = undefined;
      taken ??= await hand.take();
      if (!taken) return;
      const slot = claimed ? undefined : await slotFor(taken);
      if (stop.aborted && !claimed) return hand.off(taken);
      if (await (claimed ?? claim(taken)))
        last = await send(taken, made ?? composed(queue, taken.work, space), slot);
      else hand.off(taken);
      // A relay that took a mail has read it to its end; what became of another may still be on its way.
      if (last && last.outcome.kind !== 'accepted') space = createSpace();
    }
    if (last) await settle(last);
  };
  const claim = (taken: Taken<Work>) =>
    insist(() => queue.claim(taken.work), tools.patience, stop).catch(hand.giveBack(taken));
  /** Before the claim: a slow rate must not leave rows claimed for minutes. */
  const slotFor = async (taken: Taken<Work>) =>
    tools.pacer &&
    insist(async () => tools.pacer?.slot(stop), tools.patience, stop).catch(hand.giveBack(taken));
  const send = async (
    taken: Taken<Work>,
    made: Promise<Message | Outcome>,
    slot: Instant | undefined,
  ): Promise<Ended<Work>> => {
    const message = await made;
    const startedAt = tools.ticks();
    const gate = gateOf(queue, taken.work, { slot, tools, stop });
    const met = 'raw' in message;
    const outcome = met ? await taken.route.transport.send(message, gate) : message;
    const took = tools.ticks() - startedAt;
    hand.answered(taken, met ? outcome : undefined, met ? took : undefined);
    if (outcome.kind === 'route' && routes.down(tools.clock()) === undefined)
      await tools.patience.wait(AFTER_REFUSAL, stop).catch(() => {});
    return { taken, outcome };
  };
  const settle = async ({ taken, outcome }: Ended<Work>) => {
    const patience = { ...tools.patience, limit: Number.POSITIVE_INFINITY };
    await insist(() => queue.settle(taken.work, outcome), patience, stop);
    hand.settled(taken);
    counts[outcome.kind] += 1;
    tools.onOutcome?.(outcome);
  };
  const untilFailure = () =>
    connection().catch((failure: unknown) => {
      failures.push(failure);
      hand.wake();
    });
  await Promise.all(Array.from({ length: routes.connections }, untilFailure));
  if (failures.length > 0) throw failures[0];
  const now = tools.clock();
  const routeDown = routes.down(now);
  const retryAt = routes.retryAt(hand.domainsLeft(), now);
  return { counts, ...(routeDown !== undefined && { routeDown }), ...(retryAt !== undefined && { retryAt }) };
}

type Taken<Work> = { readonly work: Work; readonly route: Route };
/** On the wire no more, and not yet written down. */
type Ended<Work> = { readonly taken: Taken<Work>; readonly outcome: Outcome };

/** What the connections share: whose turn it is, and what is on the wire. */
function createHand<Work extends Due>(
  queue: Queue<Work>,
  routes: Routes,
  tools: RunTools,
  stop: AbortSignal,
) {
  const { clock, ticks, patience } = tools;
  const lanes = createLanes<Work>(routes.connections);
  const supply = createSupply(queue, lanes, ticks);
  let wire = 0;
  let sweptAt = ticks();
  /** Whether a row was written down since the sweep began: it, or what came meanwhile, may be due again. */
  let news = false;
  let changed = Promise.withResolvers<void>();
  const wake = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const pick = (): Taken<Work> | undefined => {
    const now = clock();
    const work = lanes.take((domain) => routes.choose(domain, now) !== undefined);
    const route = work && routes.choose(work.domain, now);
    if (!work || !route) return undefined;
    routes.began(route, work.domain, now);
    wire += 1;
    return { work, route };
  };
  /** Nothing when there is nothing that may go, and nothing on the wire that could change that. */
  const take = async (): Promise<Taken<Work> | undefined> => {
    for (let look = false; !stop.aborted; ) {
      const isFree = (domain: string) => routes.choose(domain, clock()) !== undefined;
      const ended = await insist(() => supply.fill(isFree), patience, stop);
      const taken = pick();
      if (taken) return taken;
      if (ended && lanes.size === 0 && (news || look)) {
        news = false;
        look = false;
        sweptAt = ticks();
        supply.again();
        continue;
      }
      if (wire === 0) return undefined;
      await Promise.race([changed.promise, realPause(LOOK_AGAIN)]);
      look = ticks() - sweptAt >= LOOK_AGAIN;
    }
    return undefined;
  };
  /** The route is free for the next message; the row is not done before it is written down. */
  const answered = ({ work, route }: Taken<Work>, outcome: Outcome = NOT_SENT, took?: number) => {
    const event = routes.ended(
      { route, domain: work.domain, subscriberId: work.subscriberId, outcome },
      clock(),
    );
    lanes.done(work, took);
    if (event) tools.onEvent?.(event);
  };
  const settled = ({ work }: Taken<Work>) => {
    wire -= 1;
    news = true;
    lanes.forget(work);
    wake();
  };
  const off = (taken: Taken<Work>) => {
    answered(taken);
    settled(taken);
  };
  const giveBack =
    (taken: Taken<Work>) =>
    (error: unknown): never => {
      off(taken);
      throw error;
    };
  return { next: pick, take, answered, settled, off, giveBack, wake, domainsLeft: () => lanes.domains() };
}

const NOT_SENT: Outcome = { kind: 'returned', reply: '' };

/** By the real clock: it only bounds how long a run waits for an answer of somebody else. */
async function realPause(ms: number): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
}

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
      if (ready === undefined || !pacer.isFresh(ready)) ready = await pacer.slot(stop);
      const may = ready !== undefined;
      ready = undefined;
      return may;
    },
    data: () => queue.holds(work),
  };
}

/** The mail, or what becomes of one that cannot be made: it concerns this reader alone, and no route. */
async function composed<Work extends Due>(
  queue: Queue<Work>,
  work: Work,
  space: Space,
): Promise<Message | Outcome> {
  try {
    return await queue.compose(work, space);
  } catch (error) {
    return { kind: 'deferred', reply: `could not be composed: ${(error as Error).message}` };
  }
}
