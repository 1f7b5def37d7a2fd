import type { Paper } from '../domain/paper.ts';

/** So many shared authors are one group, and not chance. */
const SHARED = 3;
/** Papers of whole communities share authors with everybody. */
const MOST_AUTHORS = 100;

/**
 * Finds, for a paper, one that an earlier issue had by the same group: with at least three of the same authors, the
 * last one among them.
 * @param earlier papers that issues had
 */
export function sameGroup(earlier: readonly Paper[]): (paper: Paper) => Paper | undefined {
  const byLeader = Map.groupBy(
    earlier.filter(({ authors }) => authors.length >= SHARED && authors.length <= MOST_AUTHORS),
    ({ authors }) => authors.at(-1) ?? '',
  );
  return ({ id, authors }) => {
    if (authors.length < SHARED || authors.length > MOST_AUTHORS) return undefined;
    const own = new Set(authors);
    const alike = (byLeader.get(authors.at(-1) ?? '') ?? []).filter(
      (other) => other.id !== id && other.authors.filter((name) => own.has(name)).length >= SHARED,
    );
    return alike.toSorted((one, other) => (other.signals.upvotes ?? 0) - (one.signals.upvotes ?? 0))[0];
  };
}
