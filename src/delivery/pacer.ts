import { SLOT_LIFE } from '../domain/rate.ts';
import { type Clock, type Instant, MINUTE } from '../domain/time.ts';

/** Moments at which one message may start, shared by all senders. */
export type Pacer = {
  /** Waits for the next moment. @returns `undefined` when `stop` was aborted */
  slot(stop: AbortSignal): Promise<Instant | undefined>;
  /** Whether a message may still start on this one. */
  isFresh(slot: Instant): boolean;
};

/**
 * @param take reserves the next moments for this process; unused ones are lost. `askAt` is when there will be
 * some, if there are none yet
 */
export function createPacer(
  take: (wanted: number) => Promise<{ readonly slots: readonly Instant[]; readonly askAt?: Instant }>,
  options: { wanted: number; clock: Clock; wait: (ms: number, stop: AbortSignal) => Promise<void> },
): Pacer {
  const { clock, wait, wanted } = options;
  let slots: Instant[] = [];
  let loading: Promise<void> | undefined;
  const load = async (stop: AbortSignal) => {
    try {
      const { slots: given, askAt } = await take(wanted);
      slots = [...given];
      // No longer than this, because the clock may be set back.
      if (askAt !== undefined)
        await wait(Math.min(MINUTE, Math.max(1, askAt - clock())), stop).catch(() => {});
    } finally {
      loading = undefined;
    }
  };
  const isFresh = (slot: Instant) => clock() - slot <= SLOT_LIFE;
  return {
    isFresh,
    slot: async (stop) => {
      while (!stop.aborted) {
        const slot = slots.shift();
        if (slot === undefined) {
          loading ??= load(stop);
          await loading;
          continue;
        }
        const early = slot - clock();
        if (early > 0) await wait(early, stop).catch(() => {});
        // If the clock was set back, it is too early by the clock, but the wait was long enough.
        if (isFresh(slot) && !stop.aborted) return slot;
      }
      return undefined;
    },
  };
}
