import type { RankedPaper } from '../domain/paper.ts';

/** How alike two papers are, from 0 (nothing in common) to 1 (the same words). */
export type PaperSimilarity = (one: RankedPaper['paper'], other: RankedPaper['paper']) => number;

export type SpreadOptions = {
  /** How many papers the issue has room for: beyond them the order stays. */
  readonly picks: number;
  /** The largest share of the picks that one primary category may have, 0 to 1; 1 for no limit. */
  readonly maxShare: number;
  readonly similarity: PaperSimilarity;
};

/**
 * What is less alike costs nothing. Of the pairs among a day's first fifteen 1 in 3,500 is above it: two models of one
 * family, a paper and its follow-up, two groups with one idea.
 */
const NEAR_DUPLICATES = 0.27;
/** What a paper loses of ln(score) when it has the same words as one that is picked already. */
const COST_OF_SAMENESS = 3.7;
/** Only so many times the picks compete for them: what is far below does not rise because it is different. */
const REACH = 3;

/**
 * Moves papers so that the first `picks` do not repeat each other: each next pick is the one with the best score
 * less what it repeats (maximal marginal relevance), of a category that has room. Papers on one topic stay where their
 * score puts them: readers chose them. Nothing is lost or added, and
 * where too few categories are there the rest of the picks comes in order of score.
 */
export function spread(ranked: readonly RankedPaper[], options: SpreadOptions): RankedPaper[] {
  const { picks, maxShare, similarity } = options;
  const room = Math.max(1, Math.ceil(picks * maxShare));
  const open = ranked.slice(0, picks * REACH).map((one) => ({ one, likeness: 0 }));
  const picked: RankedPaper[] = [];
  const taken = new Map<string, number>();
  while (picked.length < picks && open.length > 0) {
    const next =
      bestOf(open, (one) => hasRoom(one, taken, room)) ?? nextWithRoom(ranked, picked, taken, room);
    if (next === undefined) break;
    picked.push(next);
    const category = next.paper.categories[0];
    if (category !== undefined) taken.set(category, (taken.get(category) ?? 0) + 1);
    remove(open, next);
    for (const rival of open)
      rival.likeness = Math.max(rival.likeness, similarity(rival.one.paper, next.paper));
  }
  const chosen = new Set(picked);
  return [...picked, ...ranked.filter((one) => !chosen.has(one))];
}

type Rival = { readonly one: RankedPaper; likeness: number };

/** A paper whose category is unknown is never one too many. */
function hasRoom({ paper }: RankedPaper, taken: ReadonlyMap<string, number>, room: number): boolean {
  const category = paper.categories[0];
  return category === undefined || (taken.get(category) ?? 0) < room;
}

function bestOf(open: readonly Rival[], isAllowed: (one: RankedPaper) => boolean): RankedPaper | undefined {
  let best: { value: number; one: RankedPaper } | undefined;
  for (const { one, likeness } of open) {
    if (!isAllowed(one)) continue;
    const value = Math.log(one.score) - COST_OF_SAMENESS * Math.max(0, likeness - NEAR_DUPLICATES);
    if (best === undefined || value > best.value) best = { value, one };
  }
  return best?.one;
}

function nextWithRoom(
  ranked: readonly RankedPaper[],
  picked: readonly RankedPaper[],
  taken: ReadonlyMap<string, number>,
  room: number,
): RankedPaper | undefined {
  return ranked.find((one) => !picked.includes(one) && hasRoom(one, taken, room));
}

function remove(open: Rival[], one: RankedPaper): void {
  const index = open.findIndex((rival) => rival.one === one);
  if (index >= 0) open.splice(index, 1);
}
