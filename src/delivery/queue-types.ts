import type { Outcome } from '../domain/delivery.ts';
import type { Message, ReusableBuffer } from '../domain/message.ts';
import type { Instant } from '../domain/time.ts';
import type { Source } from './supply.ts';

/** What a mail to be sent is known by here. */
export type Due = {
  readonly id: string;
  /** Of the subscriber's address, in lower case. */
  readonly domain: string;
  readonly subscriberId: number;
};

/** The ledger, as far as sending needs it. */
export type Queue<Work extends Due> = Source<Work> & {
  /** True when the work is ours alone from now on. Called right before it is sent. */
  claim(work: Work): Promise<boolean>;
  /** Whether a claim still holds; asked right before the first byte. */
  holds(work: Work): boolean | Promise<boolean>;
  /** The mail itself, where it may be in the space; a failure concerns this one subscriber only. */
  compose(work: Work, space: ReusableBuffer): Promise<Message>;
  /** Writes down what became of claimed work. */
  settle(work: Work, outcome: Outcome): Promise<void>;
  /** Refusals that were settled are in doubt: they are to be tried again at `until`. */
  takeBack(works: readonly Work[], until: Instant): Promise<void>;
};
