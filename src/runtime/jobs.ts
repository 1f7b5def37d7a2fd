import type { Batch } from '../domain/batch.ts';

/**
 * What the processes of an installation divide among them. `issue`: freeze what is due. `round`: take over what the
 * dead had in hand, and hand out what is due. `fetch`: read the sources.
 */
export const SHARED_TASKS = ['issue', 'round', 'fetch'] as const;
export type SharedTask = (typeof SHARED_TASKS)[number];

/**
 * Who works on what. It is not asked what has happened, that is in the ledger: a queue that is lost is filled again by
 * the next round.
 */
export type Jobs = {
  /**
   * Asks that some process runs an errand soon. While one is asked for or under way, asking again is nothing.
   * @param once asking again with the same word within an hour is nothing either
   */
  ask(errand: SharedTask, once?: string): Promise<void>;
  /** Hands out batches; one that is handed out already, or in somebody's hand, stays what it is. */
  handOut(batches: readonly Batch[]): Promise<void>;
  /** Takes a part in the work, until `stop`. */
  work(worker: Worker): Promise<void>;
  /** Takes nothing more, and waits for what is in hand; `limit` in ms. */
  stop(limit: number): Promise<void>;
};

export type Worker = {
  readonly errands: Readonly<Record<SharedTask, () => Promise<void>>>;
  /** Sends what is due of a batch, or leaves it; either way it is out of this worker's hands when this ends. */
  send(batch: Batch): Promise<void>;
};
