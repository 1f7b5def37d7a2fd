import type { Day } from './day.ts';
import type { RankedPaper } from './paper.ts';
import type { Reason } from './reason.ts';
import type { Instant } from './time.ts';

/** A `daily` issue is for subscribers who chose days, a `weekly` one for those who chose one mail a week. */
export type IssueKind = 'daily' | 'weekly';

/**
 * `frozen`: it has its papers and is being delivered. `done`: everything was sent. `skipped`:
 * too little was new. `held`: no source answered. `cancelled`: a person withdrew it. `stopped`: it has its papers, and
 * unsent mails wait until an operator releases it.
 */
export type IssueState = 'frozen' | 'done' | 'skipped' | 'held' | 'cancelled' | 'stopped';

/** Whether an issue has its papers and may be shown. */
export const PUBLISHED_STATES: readonly IssueState[] = ['frozen', 'done', 'stopped'];

/** A frozen value: once stored it never changes. What is mailed, shown and archived comes from it. */
export type Issue = {
  readonly kind: IssueKind;
  readonly date: Day;
  /** Counts the issues of its kind that were published, from 1. */
  readonly number: number;
  /** Made from `samples/` because no source could be reached: shown as such, never sent by SMTP. */
  readonly sample: boolean;
  readonly frozenAt: Instant;
  readonly subject: string;
  readonly preheader: string;
  readonly picks: readonly RankedPaper[];
  /** What came next in the ranking, by its title only; absent in issues that were frozen before there was this. */
  readonly noted?: readonly NotedPaper[];
  /** Pictures of picks by the paper's id: the hash under which ours is kept. Absent when there is none. */
  readonly thumbnails?: { readonly [paperId: string]: string };
  /** How many papers it chose from. */
  readonly considered: number;
  /** SHA-256, hex, of the content above and of the candidates: equal hashes are equal issues. */
  readonly hash: string;
};

/** A paper that an issue chose from, by its canonical id. */
export type Candidate = { readonly id: string; readonly score: number };

/** An issue as it is frozen, with all that it chose from, the best first. */
export type ComposedIssue = Issue & { readonly candidates: readonly Candidate[] };

/** A paper that is named and no more. `url` is what its source gives: check it before it is shown. */
export type NotedPaper = { readonly id: string; readonly title: string; readonly url: string };

/** An issue as the store keeps it. */
export type StoredIssue = Issue & { readonly id: number; readonly state: IssueState };

/**
 * The picks that a subscriber with interests gets of an issue, in place of the common ones.
 * `matches`: why each is theirs, in the order of the picks; empty for one that everybody gets.
 */
export type OwnPicks = {
  readonly picks: readonly RankedPaper[];
  readonly matches: readonly (readonly Reason[])[];
};
