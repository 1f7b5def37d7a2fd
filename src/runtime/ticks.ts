import cron from 'node-cron';

/** Something to do at each moment of a cron line. */
export type Tick = {
  readonly name: string;
  readonly cron: string;
  readonly timezone: string;
  run(): Promise<void>;
};

/**
 * Starts the ticks. One that is still running is not started again, and missing one costs nothing: what is
 * due follows from the database and the time. `run` reports its own failures.
 * @returns a function that stops them without waiting for a running one
 */
export function startTicks(ticks: readonly Tick[]): () => void {
  const tasks = ticks.map(({ name, cron: line, timezone, run }) =>
    cron.schedule(line, run, { name, timezone, noOverlap: true, suppressMissedWarning: true }),
  );
  return () => {
    for (const task of tasks) void task.destroy();
  };
}
