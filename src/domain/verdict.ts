import type { FailureClass } from './delivery.ts';
import type { SuppressionReason } from './suppression.ts';
import { DAY, HOUR, type Instant } from './time.ts';

/** How one issue ended for a subscriber. */
export type PastIssue = {
  /** Why it did not reach them; absent when it was accepted and has not come back. */
  readonly class?: FailureClass;
  /** When it was accepted, refused or came back. */
  readonly at: Instant;
  /** Whether their own server is known to have it, as only a provider or a success report can tell. */
  readonly delivered?: boolean;
};

/** An acceptance by a smarthost proves nothing before the mail had this long to come back. */
const STANDS_AFTER = 72 * HOUR;
const REFUSED_IN_A_ROW = 3;
const SOFT_IN_A_ROW = 5;
const SOFT_SPAN = 14 * DAY;

/** More past issues than this never matter. */
export const LONGEST_HISTORY = 40;

/**
 * Whether a subscriber's address is dead: when a server says so; when three issues running were refused without a reason;
 * when five running came back for any reason but our reputation, over two weeks. An issue that stood ends a run: one
 * that was accepted and has not come back for 72 hours, or is known to be delivered. A refusal by policy is about us:
 * it neither counts nor ends a run.
 * @param history the newest first, the one that has just come back included
 */
export function verdict(history: readonly PastIssue[], now: Instant): SuppressionReason | undefined {
  if (history[0]?.class === 'hard') return 'hard';
  const end = history.findIndex((past) => stood(past, now));
  const run = (end < 0 ? history : history.slice(0, end)).filter((past) => past.class !== undefined);
  const refused = runOf(run, ['refused', 'hard']);
  if (refused.length >= REFUSED_IN_A_ROW) return 'refused';
  const soft = runOf(run, ['soft', 'refused', 'hard']);
  const span = (soft[0]?.at ?? 0) - (soft.at(-1)?.at ?? 0);
  return soft.length >= SOFT_IN_A_ROW && span >= SOFT_SPAN ? 'soft' : undefined;
}

function stood({ class: type, at, delivered = false }: PastIssue, now: Instant): boolean {
  return type === undefined && (delivered || now - at >= STANDS_AFTER);
}

/** The issues of some classes, up to the first of another; those refused by policy are passed over. */
function runOf(run: readonly PastIssue[], classes: readonly FailureClass[]): readonly PastIssue[] {
  const counted = run.filter((past) => past.class !== 'policy');
  const end = counted.findIndex((past) => past.class === undefined || !classes.includes(past.class));
  return end < 0 ? counted : counted.slice(0, end);
}
