import { giveWay } from '../domain/slices.ts';
import { isDatabaseTrouble } from './database-trouble.ts';

export type Slices = {
  /** The maximum number of rows in a slice. */
  readonly most: number;
  /** The size of the first slice, if smaller. */
  readonly first?: number;
  /** The size of the next slice after one of `limit` rows that took `ms`; without it each has the maximum size. */
  readonly next?: (limit: number, ms: number) => number;
  /**
   * Processes the next rows, at most `limit`, in a transaction of its own.
   * @returns how many there were: none when nothing is left
   */
  readonly work: (limit: number) => Promise<number>;
  /** Leaves out the next row, recording why it could not be processed. */
  readonly setAside: (error: unknown) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
};

/** When this many rows fail in a row with no success in between, the fault is in the program. */
const MOST_ASIDE_IN_A_ROW = 100;

/**
 * Processes rows in slices, yielding to the event loop in between. A slice that fails is halved until the one row
 * to blame is alone; that row is set aside, and the others continue.
 * @returns how many rows were processed
 * @throws what `work` threw, when the database or every row is to blame
 */
export async function inSlices({
  most,
  first = most,
  next,
  work,
  setAside,
  signal,
}: Slices): Promise<number> {
  let total = 0;
  let limit = first;
  let asideInARow = 0;
  for (;;) {
    signal?.throwIfAborted();
    const startedAt = performance.now();
    try {
      const count = await work(limit);
      total += count;
      if (count === 0) return total;
      const wanted = next ? next(limit, performance.now() - startedAt) : limit * 2;
      limit = Math.max(1, Math.min(most, wanted));
      asideInARow = 0;
    } catch (error) {
      if (isDatabaseTrouble(error) || signal?.aborted) throw error;
      if (limit > 1) limit = Math.floor(limit / 2);
      else {
        asideInARow += 1;
        if (asideInARow > MOST_ASIDE_IN_A_ROW) throw error;
        await setAside(error);
      }
    }
    await giveWay();
  }
}

/**
 * The same for rows in memory: all at once or, if that fails, in ever smaller parts.
 * @param setAside called with each row that fails alone
 */
export async function eachApart<Row>(
  rows: readonly Row[],
  work: (rows: readonly Row[]) => Promise<void>,
  setAside: (row: Row, error: unknown) => void,
): Promise<void> {
  if (rows.length === 0) return;
  try {
    await work(rows);
  } catch (error) {
    if (isDatabaseTrouble(error)) throw error;
    const [first] = rows;
    if (rows.length === 1) return setAside(first as Row, error);
    const middle = Math.floor(rows.length / 2);
    await eachApart(rows.slice(0, middle), work, setAside);
    await eachApart(rows.slice(middle), work, setAside);
  }
}
