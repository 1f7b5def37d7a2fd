import type { After } from '../../domain/time.ts';

/** A limit of ours that ran out, as opposed to a caller who stopped the work. */
export class DeadlinePassed extends Error {
  constructor(limitMs: number) {
    super(`no end after ${limitMs / 1000} s`);
    this.name = 'DeadlinePassed';
  }
}

/**
 * Runs the work under a time limit and the caller's signal. The work gets a signal that fires on either, and
 * the promise rejects at that moment even if the work takes no notice.
 * @throws DeadlinePassed after the limit; the signal's reason when the caller stops it
 */
export async function within<T>(
  { after, limitMs }: { readonly after: After; readonly limitMs: number },
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const time = after(limitMs);
  const onTime = () => stop.abort(new DeadlinePassed(limitMs));
  time.addEventListener('abort', onTime, { once: true });
  try {
    stop.signal.throwIfAborted();
    const stopped = new Promise<never>((_, reject) => {
      stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true });
    });
    return await Promise.race([work(stop.signal), stopped]);
  } finally {
    time.removeEventListener('abort', onTime);
    signal?.removeEventListener('abort', onAbort);
  }
}
