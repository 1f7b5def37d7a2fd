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

/** What may go now. */
export type Ways = {
  /** Whether a mail to the domain may. */
  readonly isFree: (domain: string) => boolean;
  /** Whether none may, to any domain. */
  readonly areDown: () => boolean;
  /** Whether some are on the wire, so that there is something to wait for. */
  readonly areBusy: () => boolean;
};

export type Supply = {
  /** Sees to it that there is something to take, if there is anything. @returns whether the sweep is at its end */
  fill(ways: Ways): Promise<boolean>;
  /** Begins to read from the start again. */
  again(): void;
};

const PAGE = 500;
/** Below this many that may go, more are read: rows of domains that rest or are slow would else hide the others. */
const LOW = 100;
/** So many pages are looked through at once; all of them where else nothing would go. */
const PAGES = 4;
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
  const fill = async ({ isFree, areDown, areBusy }: Ways) => {
    if (ticks() - urgentAt >= URGENT_EVERY) {
      urgentAt = ticks();
      for (const work of await source.urgent(PAGE)) lanes.add(work, isFree, true);
    }
    for (let read = 0; !ended; read += 1) {
      const free = lanes.free(isFree);
      if (free >= LOW || (read >= PAGES && (free > 0 || areBusy())) || (read > 0 && areDown())) return;
      const { works, isLast } = await page(PAGE);
      for (const work of works) lanes.add(work, isFree);
      ended = isLast;
    }
  };
  return {
    fill: async (ways) => {
      filling ??= fill(ways).finally(() => {
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
