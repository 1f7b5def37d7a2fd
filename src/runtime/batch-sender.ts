import type { App } from '../app.ts';
import { deliver } from '../delivery/deliver.ts';
import type { Batch } from '../domain/batch.ts';
import { SECOND } from '../domain/time.ts';
import { openInTurn } from '../ledger/deliveries.ts';

/** How often the ledger is asked whether a batch is sent. */
const LOOK = SECOND / 4;

type Held = { readonly batch: Batch; readonly done: PromiseWithResolvers<void> };

/** The batches that this process has in hand, sent by one run over its connections, together with all notices. */
export type BatchSender = {
  /** @returns when nothing of the batch may go any more, or it waits for something else than this process */
  send(batch: Batch): Promise<void>;
  /** Looks for notices, which belong to no batch. */
  wake(): void;
  /** Ends when what is on the wire is finished, after `stop`. */
  finished(): Promise<void>;
};

export function createBatchSender(app: App, stop: AbortSignal): BatchSender {
  const held = new Set<Held>();
  let running: Promise<void> | undefined;
  let again = false;
  let lookAgain = () => {};
  const onStart = (look: () => void) => {
    lookAgain = look;
  };
  const letGo = (some: Iterable<Held>) => {
    for (const one of some) {
      held.delete(one);
      one.done.resolve();
    }
  };
  const pass = async () => {
    const before = [...held];
    const looking = new AbortController();
    const looks = letGoWhenSent(app, held, letGo, looking.signal);
    try {
      const batches = () => [...held].map((one) => one.batch);
      await deliver(
        app,
        app.composing,
        app.sending,
        () => ({ dueBy: app.steadyClock.now(), batches }),
        stop,
        { onStart },
      );
    } catch (error) {
      app.log.error({ err: error }, 'a pass failed; the next one will retry');
    } finally {
      looking.abort();
      await looks;
    }
    // What is left of these waits for a relay, or for a time: the next round hands it out again.
    letGo(before);
  };
  const loop = async () => {
    while (!stop.aborted && (again || held.size > 0)) {
      again = false;
      await pass();
    }
    letGo(held);
    running = undefined;
  };
  const wake = () => {
    again = true;
    lookAgain();
    running ??= loop();
  };
  return {
    send: (batch) => {
      const one = { batch, done: Promise.withResolvers<void>() };
      held.add(one);
      wake();
      return one.done.promise;
    },
    wake,
    finished: async () => running,
  };
}

/** The ledger says what is sent: a batch of which nothing is due and nothing on the wire makes place for the next. */
async function letGoWhenSent(
  app: App,
  held: ReadonlySet<Held>,
  letGo: (some: Iterable<Held>) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await app.sending.wait(LOOK, signal).catch(() => {});
    for (const one of [...held]) {
      if (signal.aborted) return;
      const turn = { dueBy: app.steadyClock.now(), batches: () => [one.batch] };
      const open = await openInTurn(app.store.db, turn).catch(() => undefined);
      if (open && open.planned + open.sending === 0) letGo([one]);
    }
  }
}
