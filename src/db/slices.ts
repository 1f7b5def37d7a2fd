import { isDatabaseTrouble } from './database-trouble.ts';

export type Slices = {
  /** How many rows one slice has at most. */
  readonly most: number;
  /** How many the first has, if fewer. */
  readonly first?: number;
  /** The size of the next slice after one of `limit` rows that took `ms`; without it each is as large as may be. */
  readonly next?: (limit: number, ms: number) => number;
  /**
   * Works on the next rows, at most `limit`, in a transaction of its own.
   * @returns how many there were: none when nothing is left
   */
  readonly work: (limit: number) => Promise<number>;
  /** Leaves out the one row that is next, and says why it could not be worked on. */
  readonly setAside: (error: unknown) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
};

/** What fails for so many rows one after the other, and works for none in between, is wrong with us. */
const MOST_ASIDE_IN_A_ROW = 100;

/**
 * Works through rows in slices, between which the event loop turns. A slice that fails is cut in half until the one row
 * that is to blame is alone; that row is set aside, and the others go on.
 * @returns how many rows were worked on
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
    await new Promise(setImmediate);
  }
}

/**
 * The same for rows that are at hand: all at once or, where that fails, in ever smaller parts.
 * @param setAside told of each row that fails alone
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
