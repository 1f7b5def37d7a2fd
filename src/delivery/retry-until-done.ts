/** How long something that fails is tried again, and who hears of it. */
export type Patience = {
  /** In ms, by `wait`'s measure. */
  readonly limit: number;
  wait(ms: number, stop: AbortSignal): Promise<void>;
  /** @param pause how long it is left alone now, in ms */
  onTrouble(error: unknown, pause: number): void;
};

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;
/** Whoever stops the program waits ten seconds at most. */
const AFTER_STOP = 4000;

/**
 * Does something that a full disk or a database that went away may hinder, until it is done.
 * @throws what it threw last, when the limit is reached; after `stop`, a few seconds later
 */
export async function retryUntilDone<Value>(
  action: () => Promise<Value>,
  { limit, wait, onTrouble }: Patience,
  stop: AbortSignal,
): Promise<Value> {
  let waited = 0;
  let afterStop = 0;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, pause * 2)) {
    try {
      return await action();
    } catch (error) {
      if (waited >= limit || afterStop >= AFTER_STOP) throw error;
      onTrouble(error, pause);
    }
    waited += pause;
    if (!stop.aborted) await wait(pause, stop).catch(() => {});
    else {
      // The signal would end any wait on it at once.
      afterStop += FIRST_PAUSE;
      await wait(FIRST_PAUSE, NEVER);
    }
  }
}

const NEVER = new AbortController().signal;
