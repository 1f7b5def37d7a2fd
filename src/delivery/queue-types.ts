import type { Outcome } from '../domain/delivery.ts';
import type { Message, ReusableBuffer } from '../domain/message.ts';
import type { Instant } from '../domain/time.ts';
import type { WorkSource } from './supply.ts';

/** What identifies a mail to be sent. */
export type Due = {
  readonly id: string;
  /** The domain of the subscriber's address, in lower case. */
  readonly domain: string;
  readonly subscriberId: number;
};

/** What sending needs of the ledger. */
export type Queue<Work extends Due> = WorkSource<Work> & {
  /** True when the work now belongs to this process. Called right before it is sent. */
  claim(work: Work): Promise<boolean>;
  /** Whether a claim is still valid; checked right before the first byte. */
  holds(work: Work): boolean | Promise<boolean>;
  /** The mail, which may use the buffer; a failure concerns this one subscriber only. */
  compose(work: Work, buffer: ReusableBuffer): Promise<Message>;
  /** Records the outcome of claimed work. */
  settle(work: Work, outcome: Outcome): Promise<void>;
  /** Puts settled refusals in doubt: they are retried at `until`. */
  takeBack(works: readonly Work[], until: Instant): Promise<void>;
};
