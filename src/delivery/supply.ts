import type { DomainQueues, Named } from './domain-queues.ts';

/** The work of one kind that waits to be sent, as the ledger keeps it, read in pages. */
export type WorkSource<Work> = {
  /** What goes ahead of everything else. */
  urgent(limit: number): Promise<Work[]>;
  /** Reads all that is due from its beginning; a page that is not full is the last one. */
  sweep(): (limit: number, wants: (due: Named) => boolean) => Promise<Page<Work>>;
};

/** Of the rows that were read those that were wanted; `isLast` when nothing is left to read. */
type Page<Work> = { readonly works: readonly Work[]; readonly isLast: boolean };

/** What may go now. */
type Ways = {
  /** Whether a mail to the domain may. */
  readonly isFree: (domain: string) => boolean;
  /** Whether none may, to any domain. */
  readonly areDown: () => boolean;
  /** Whether some are on the wire, so that there is something to wait for. */
  readonly areBusy: () => boolean;
};

export type Supply = {
  /** Whether there may be something that should go before what waits, or beside it. */
  readonly isWanted: (ways: Ways) => boolean;
  /** Sees to it that there is something to take, if there is anything. */
  readonly fill: (ways: Ways) => Promise<void>;
  /** Something has become due, or has come: all is read again at the next filling. */
  readonly lookAgain: () => void;
  /** A row was written down: it, or what came meanwhile, may be due again. */
  readonly wrote: () => void;
  /** Whether all that is due was read, and no row written down since that began. */
  readonly isAtEnd: () => boolean;
};

const PAGE = 500;
/** Below this many that may go, more are read: rows of domains that rest or are slow would else hide the others. */
const REFILL_BELOW = 100;
/** So many pages are looked through at once; all of them where else nothing would go. */
const PAGES = 4;
/** So many may go before it is counted again how many there are. */
const RECOUNT_AFTER = 50;
const URGENT_EVERY = 1000;
/** The ledger is read again so much later, in ms, for what has become due ... */
const LOOK_AGAIN = 1000;
/** ... and reading what nobody wanted takes at most such a part of the time: here, and where a domain could take more. */
const IDLE_SHARE = 10;
const CUT_SHARE = 3;

/** Fills lanes from a source, a page at a time. @param ticks milliseconds that only go forward */
export function createSupply<Work extends Named>(
  source: WorkSource<Work>,
  queues: DomainQueues<Work>,
  ticks: () => number,
): Supply {
  let page = source.sweep();
  let sweep = { began: ticks(), ended: false, wrote: false, wasted: 0 };
  let urgentAt = Number.NEGATIVE_INFINITY;
  let counted = 0;
  let hasNews = false;
  let filling: Promise<void> | undefined;

  const isUrgent = () => ticks() - urgentAt >= URGENT_EVERY;
  const needsNewSweep = ({ isFree, areDown, areBusy }: Ways) => {
    const age = ticks() - sweep.began;
    if (hasNews) return true;
    if (queues.hasRoomForMore(isFree) && age >= CUT_SHARE * sweep.wasted) return true;
    if (!sweep.ended || areDown()) return false;
    if (sweep.wrote && (queues.size === 0 || (!areBusy() && queues.free(isFree) === 0))) return true;
    return age >= Math.max(LOOK_AGAIN, IDLE_SHARE * sweep.wasted);
  };
  const resetSweep = () => {
    hasNews = false;
    page = source.sweep();
    sweep = { began: ticks(), ended: false, wrote: false, wasted: 0 };
    queues.resetSweep();
  };
  const readPage = async ({ isFree }: Ways) => {
    const began = ticks();
    const { works, isLast } = await page(PAGE, (due) => queues.wants(due, isFree));
    for (const work of works) queues.add(work);
    if (works.length === 0) sweep.wasted += ticks() - began;
    sweep.ended = isLast;
  };
  const fill = async (ways: Ways) => {
    const { isFree, areDown, areBusy } = ways;
    if (isUrgent()) {
      urgentAt = ticks();
      for (const work of await source.urgent(PAGE)) queues.add(work, true);
    }
    if (needsNewSweep(ways)) resetSweep();
    for (let read = 0; !sweep.ended; read += 1) {
      const free = queues.free(isFree);
      if (free >= REFILL_BELOW || (read >= PAGES && (free > 0 || areBusy())) || (read > 0 && areDown()))
        return;
      await readPage(ways);
    }
  };
  return {
    isWanted: (ways) => {
      if (isUrgent()) return true;
      counted -= 1;
      if (counted > 0) return false;
      const free = queues.free(ways.isFree);
      counted = Math.min(free - REFILL_BELOW, RECOUNT_AFTER);
      return (free < REFILL_BELOW && !sweep.ended) || needsNewSweep(ways);
    },
    fill: async (ways) => {
      filling ??= fill(ways).finally(() => {
        filling = undefined;
      });
      await filling;
    },
    lookAgain: () => {
      hasNews = true;
      urgentAt = Number.NEGATIVE_INFINITY;
      counted = 0;
    },
    wrote: () => {
      sweep.wrote = true;
    },
    isAtEnd: () => sweep.ended && !sweep.wrote && !hasNews,
  };
}
