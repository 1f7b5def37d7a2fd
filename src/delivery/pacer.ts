import { SLOT_LIFE } from '../domain/rate.ts';
import { type Clock, type Instant, MINUTE } from '../domain/time.ts';

/** Moments at which one message each may begin, shared by everybody who sends. */
export type Pacer = {
  /** Waits for the next moment. @returns nothing when `stop` was aborted meanwhile */
  slot(stop: AbortSignal): Promise<Instant | undefined>;
  /** Whether a message may still begin on this one. */
  isFresh(slot: Instant): boolean;
};

/**
 * @param take the next moments, reserved for this process alone: what is not used in time is lost; `askAt` is when there will be
 * some, where there are none yet
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
      // Not for longer: the clock may be set back meanwhile.
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
        // Set back meanwhile, the clock says it is early still: the wait was long enough.
        if (isFresh(slot) && !stop.aborted) return slot;
      }
      return undefined;
    },
  };
}
