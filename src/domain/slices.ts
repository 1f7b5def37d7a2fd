/** Lets the event loop do what waits: pages, mails. Nothing else between two statements on SQLite does. */
export function giveWay(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Cuts a list into slices of at most `count` values, and of at most `size` in all, so that each is a short piece of
 * work. A value that is larger alone is a slice of its own.
 */
export function* slicesOf<Value>(
  values: Iterable<Value>,
  limits: { readonly count: number; readonly size: number },
  sizeOf: (value: Value) => number,
): Generator<Value[]> {
  let slice: Value[] = [];
  let size = 0;
  for (const value of values) {
    const own = sizeOf(value);
    if (slice.length > 0 && (slice.length >= limits.count || size + own > limits.size)) {
      yield slice;
      slice = [];
      size = 0;
    }
    slice.push(value);
    size += own;
  }
  if (slice.length > 0) yield slice;
}

/** Work in short steps, whose result comes with the last. */
export type Steps<Result> = Generator<void, Result>;

/** All steps at once. */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** All steps, with the event loop free between two of them. */
export async function finishInTurn<Result>(steps: Steps<Result>): Promise<Result> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await giveWay();
  }
}
