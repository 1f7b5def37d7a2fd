import type { Clock, Wait } from '../../domain/time.ts';
import type { Lane, Politeness } from './politeness.ts';

/** Longer than any request may take: after it a lane whose holder died is free again. */
const HOLD_MS = 35_000;

/**
 * Lets one request at a time through the lane, each at least the spacing after the end of the one before it.
 * @param lane none for providers that do not ask for it
 */
export async function inLane<Result>(
  lane: Lane | undefined,
  given: { politeness: Politeness; clock: Clock; wait: Wait; signal: AbortSignal },
  request: () => Promise<Result>,
): Promise<Result> {
  if (lane === undefined) return request();
  const { politeness, clock, wait, signal } = given;
  for (;;) {
    signal.throwIfAborted();
    const pause = await politeness.enter(lane.name, clock(), HOLD_MS);
    if (pause <= 0) break;
    await wait(pause, signal);
  }
  try {
    return await request();
  } finally {
    await politeness.leave(lane.name, clock() + lane.spacingMs);
  }
}
