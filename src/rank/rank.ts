import type { Day } from '../domain/day.ts';
import type { SeenEntry } from '../domain/entry.ts';
import type { Paper, RankedPaper } from '../domain/paper.ts';
import type { SourceSpec } from '../domain/source.ts';
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
 * @param sources their weights and labels; a source that is not there weighs 1
 */
export function rank(
  papers: readonly Paper[],
  asOf: Instant,
  had: ReadonlySet<string>,
  sources: readonly SourceSpec[] = [],
): RankedPaper[] {
  const specs = new Map(sources.map((spec) => [spec.name, spec]));
  return papers
    .filter((paper) => !paper.aliases.some((id) => had.has(id)))
    .map((paper) => rankOne(paper, asOf, specs))
    .sort(
      (a, b) => b.score - a.score || newest(b.paper) - newest(a.paper) || (a.paper.id < b.paper.id ? -1 : 1),
    );
}

/** A paper that several sources carry has the weight of the heaviest and the label of the first that has one. */
function rankOne(paper: Paper, asOf: Instant, specs: ReadonlyMap<string, SourceSpec>): RankedPaper {
  const carriers = paper.sources.flatMap((name) => specs.get(name) ?? []);
  const weight = carriers.length > 0 ? Math.max(...carriers.map((spec) => spec.weight ?? 1)) : 1;
  const label = carriers.find((spec) => spec.label)?.label;
  return { paper, score: weight * score(paper, asOf), reasons: reasonsFor(paper, asOf, label) };
}

function newest(paper: Paper): Instant {
  return paper.since;
}
