import type { Lanes } from './lanes.ts';

/** The work of one kind that waits to be sent, as the ledger keeps it, read in pages. */
export type Source<Work> = {
  /** What goes ahead of everything else. */
  urgent(limit: number): Promise<Work[]>;
  /** Reads all that is due from its beginning; a page that is not full is the last one. */
  sweep(): (limit: number) => Promise<Page<Work>>;
};

/** `isLast` when nothing is left to read, however few of the rows are to be sent. */
export type Page<Work> = { readonly works: readonly Work[]; readonly isLast: boolean };

export type Supply = {
  /** Sees to it that there is something to take, if there is anything. @returns whether the sweep is at its end */
  fill(isFree: (domain: string) => boolean): Promise<boolean>;
  /** Begins to read from the start again. */
  again(): void;
};

const PAGE = 500;
/** Below this many that may go, more are read: rows of domains that rest would else hide the others. */
const LOW = 100;
/** What waits for a domain that rests is read again at the next sweep, so as to hold no more than this. */
const MOST = 5000;
const URGENT_EVERY = 1000;

/** Fills lanes from a source, a page at a time. @param ticks milliseconds that only go forward */
export function createSupply<Work extends { readonly id: string; readonly domain: string }>(
  source: Source<Work>,
  lanes: Lanes<Work>,
  ticks: () => number,
): Supply {
  let page = source.sweep();
  let ended = false;
  let urgentAt = Number.NEGATIVE_INFINITY;
  let filling: Promise<void> | undefined;
  const fill = async (isFree: (domain: string) => boolean) => {
    if (ticks() - urgentAt >= URGENT_EVERY) {
      urgentAt = ticks();
      for (const work of await source.urgent(PAGE)) lanes.add(work);
    }
    while (!ended && lanes.free(isFree) < LOW && lanes.size < MOST) {
      const { works, isLast } = await page(PAGE);
      for (const work of works) lanes.add(work);
      ended = isLast;
    }
  };
  return {
    fill: async (isFree) => {
      filling ??= fill(isFree).finally(() => {
        filling = undefined;
      });
      await filling;
      return ended;
    },
    again: () => {
      page = source.sweep();
      ended = false;
      urgentAt = Number.NEGATIVE_INFINITY;
    },
  };
}
