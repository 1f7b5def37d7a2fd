export type GateLimits = {
  readonly atOnce: number;
  /** How many may wait for a place. */
  readonly waiting: number;
  /** Whoever has waited longer than this is turned away when their turn comes. */
  readonly patience: number;
};

/** Runs some work when there is a place for it. @returns `undefined` when there is none soon */
export type Gate = <Result>(work: () => Promise<Result>) => Promise<Result | undefined>;

/**
 * Lets in so many at once, the others in their order, and turns away those for whom it would take too long: what many
 * ask for at the same time takes no more of the machine than this.
 * @param ticks milliseconds that only go forward
 */
export function createGate({ atOnce, waiting, patience }: GateLimits, ticks: () => number): Gate {
  const line: (() => void)[] = [];
  let places = atOnce;
  const leave = () => {
    const next = line.shift();
    // The place goes to whoever is next, so that nobody who comes now can take it.
    if (next) next();
    else places += 1;
  };
  const enter = async (): Promise<boolean> => {
    if (places > 0) {
      places -= 1;
      return true;
    }
    if (line.length >= waiting) return false;
    const cameAt = ticks();
    await new Promise<void>((resolve) => line.push(resolve));
    if (ticks() - cameAt <= patience) return true;
    leave();
    return false;
  };
  return async (work) => {
    if (!(await enter())) return undefined;
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
