import type { Instant } from '../../domain/time.ts';

/** What a server said to tell a body from its next version (RFC 9110 §8.8). */
export type Validators = { readonly url: string; readonly etag?: string; readonly lastModified?: string };

/** What must be remembered from one run to the next, and shared by all that read at once, to be polite. */
export type Politeness = {
  /** The validators of an address as this source last kept them, together with the entries they stand for. */
  recall(source: string, url: string): Promise<Validators | undefined>;
  /** Until when a host asked not to be asked; 0 when it did not. */
  restsUntil(host: string): Promise<Instant>;
  rest(host: string, until: Instant): Promise<void>;
  /**
   * Takes the lane, which only one request may be in.
   * @returns 0 when it is ours, for at most `holdMs`; else how long to wait before trying again, in ms
   */
  enter(lane: string, now: Instant, holdMs: number): Promise<number>;
  /** Leaves it; nobody enters before `nextAt`. */
  leave(lane: string, nextAt: Instant): Promise<void>;
};

/** A provider that wants its requests one after another, over everything that runs on the database. */
export type Lane = { readonly name: string; readonly spacingMs: number };

/** The server has nothing newer than what was kept last time. */
export class Unchanged extends Error {
  constructor(url: string) {
    super(`${url} is unchanged`);
    this.name = 'Unchanged';
  }
}
