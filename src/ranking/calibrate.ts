import type { Paper } from '../domain/paper.ts';
import type { Model } from './model.ts';
import { type ScoreBaseline, votesOf } from './score.ts';

/** ln(1 + upvotes) expected of an average paper that no list of voted papers has taken up: about one vote. */
const UNLISTED = Math.log(2);
/** With this many papers a source's own mean counts half, the common one half. */
const ENOUGH = 5;

/**
 * Where each paper stands before its own signals: the level of its source, and its prior. The prior was learned
 * from papers on machine learning; within a source without votes it is taken against that source's own mean, so
 * that a community that writes, or lists, otherwise is neither lifted nor lowered as a whole.
 * @param priors of the papers, in their order
 */
export function calibrate(
  papers: readonly Paper[],
  priors: readonly number[],
  model: Model,
): ScoreBaseline[] {
  const voted = new Set(
    papers.filter((paper) => votesOf(paper.signals) !== undefined).flatMap(({ sources }) => sources),
  );
  const isUnlisted = (paper: Paper) => !paper.sources.some((name) => voted.has(name));
  const means = meansBySource(papers, priors, isUnlisted);
  return papers.map((paper, index): ScoreBaseline => {
    const prior = priors[index] ?? 0;
    if (!isUnlisted(paper)) return { level: model.level, prior };
    const mean = means.get(paper.sources[0] ?? '') ?? 0;
    return { level: UNLISTED, prior: prior - mean };
  });
}

function meansBySource(
  papers: readonly Paper[],
  priors: readonly number[],
  isCounted: (paper: Paper) => boolean,
): ReadonlyMap<string, number> {
  const sums = new Map<string, { count: number; sum: number }>();
  for (const [index, paper] of papers.entries()) {
    if (!isCounted(paper)) continue;
    const source = paper.sources[0] ?? '';
    const { count, sum } = sums.get(source) ?? { count: 0, sum: 0 };
    sums.set(source, { count: count + 1, sum: sum + (priors[index] ?? 0) });
  }
  return new Map([...sums].map(([source, { count, sum }]) => [source, sum / (count + ENOUGH)]));
}
