/** How long a failing operation is retried, and who is told. */
export type Patience = {
  /** In milliseconds as `wait` counts them. */
  readonly limit: number;
  wait(ms: number, stop: AbortSignal): Promise<void>;
  /** @param pause time until the next attempt, in ms */
  onTrouble(error: unknown, pause: number): void;
};

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;
/** Stopping the program takes ten seconds at most. */
const AFTER_STOP = 4000;

/**
 * Repeats an operation that a full disk or an unreachable database may prevent, until it succeeds.
 * @throws its last error when the limit is reached, or a few seconds after `stop`
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
      // A wait on the aborted signal would end at once.
      afterStop += FIRST_PAUSE;
      await wait(FIRST_PAUSE, NEVER);
    }
  }
}

const NEVER = new AbortController().signal;
