import type { Day } from './day.ts';
import type { RankedPaper } from './paper.ts';
import type { Instant } from './time.ts';

export type IssueKind = 'daily';

/**
 * `frozen`: it has its papers and is being delivered. `done`: nobody is left to send to. `skipped`:
 * too little was new. `held`: no source answered. `cancelled`: a person stopped it.
 */
export type IssueState = 'frozen' | 'done' | 'skipped' | 'held' | 'cancelled';

/** A frozen value: once stored it never changes. What is mailed, shown and archived comes from it. */
export type Issue = {
  readonly kind: IssueKind;
  readonly date: Day;
  /** Counts the issues that were published, from 1. */
  readonly number: number;
  /** Made from `samples/` because no source could be reached: shown as such, never sent by SMTP. */
  readonly sample: boolean;
  readonly frozenAt: Instant;
  readonly subject: string;
  readonly preheader: string;
  readonly picks: readonly RankedPaper[];
  /** Canonical ids and scores of all the papers that it chose from, in rank order. */
  readonly candidates: readonly { readonly id: string; readonly score: number }[];
  /** SHA-256, hex, of the content above: equal hashes are equal issues. */
  readonly hash: string;
};

/** An issue as the store keeps it. */
export type StoredIssue = Issue & { readonly id: number; readonly state: IssueState };
