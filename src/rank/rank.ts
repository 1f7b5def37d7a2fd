import type { Day } from '../domain/day.ts';
import type { SeenEntry } from '../domain/entry.ts';
import type { Paper, RankedPaper } from '../domain/paper.ts';
import type { Instant } from '../domain/time.ts';
import { isCandidate } from './candidates.ts';
import { mergeEntries } from './merge.ts';
import { reasonsFor } from './reasons.ts';
import { score } from './score.ts';

/** The papers that an issue of the date, frozen at `asOf`, may choose from. */
export function candidates(entries: readonly SeenEntry[], date: Day, asOf: Instant): Paper[] {
  return mergeEntries(entries.filter((entry) => isCandidate(entry, date, asOf)));
}

/**
 * Orders papers for an issue, the best first; equal scores by age, then by id, so that the same papers
 * always come out in the same order.
 * @param had ids of papers that earlier issues of the kind have had: they are left out
 */
export function rank(papers: readonly Paper[], asOf: Instant, had: ReadonlySet<string>): RankedPaper[] {
  return papers
    .filter((paper) => !paper.aliases.some((id) => had.has(id)))
    .map((paper) => ({ paper, score: score(paper, asOf), reasons: reasonsFor(paper, asOf) }))
    .sort(
      (a, b) => b.score - a.score || newest(b.paper) - newest(a.paper) || (a.paper.id < b.paper.id ? -1 : 1),
    );
}

function newest(paper: Paper): Instant {
  return paper.since;
}
