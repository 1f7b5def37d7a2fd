import type { Batch } from '../domain/batch.ts';

/**
 * Tasks that the processes of an installation share. `issue`: freeze what is due. `round`: take over what dead
 * processes had claimed, and hand out what is due. `fetch`: read the sources.
 */
export const SHARED_TASKS = ['issue', 'round', 'fetch'] as const;
type SharedTask = (typeof SHARED_TASKS)[number];

/**
 * Who works on what. What has happened is in the ledger, not here: a lost queue is refilled by
 * the next round.
 */
export type Jobs = {
  /**
   * Asks for some process to run a task soon. While it is queued or running, asking again has no effect.
   * @param once asking again with the same word within an hour has no effect either
   */
  ask(task: SharedTask, once?: string): Promise<void>;
  /** Hands out batches; one that is already queued or being sent is not handed out again. */
  handOut(batches: readonly Batch[]): Promise<void>;
  /** Takes part in the work until `stop`. */
  work(worker: Worker): Promise<void>;
  /** Accepts no more work and waits for what is in progress; `limit` in ms. */
  stop(limit: number): Promise<void>;
};

export type Worker = {
  readonly tasks: Readonly<Record<SharedTask, () => Promise<void>>>;
  /** Sends what is due of a batch, or leaves it; either way the batch is done for this worker when it resolves. */
  send(batch: Batch): Promise<void>;
};
